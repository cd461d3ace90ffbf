import { copySellerFacts } from '~/modules/listings/index.server';
import { sweep } from './job';

export const copySellerFactsSweep = sweep('copy-seller-facts', 20, async (ctx) => void (await copySellerFacts(ctx)));
