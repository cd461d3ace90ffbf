import { findNamedLot } from '~/modules/listings/index.server';
import { expireOffers } from '~/modules/offers/index.server';
import { sweep } from './job';

export const expireOffersSweep = sweep('offers.expire', 60, async (ctx) => void (await expireOffers(ctx, findNamedLot)));
