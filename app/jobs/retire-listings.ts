import { forgetTokens, retireListings } from '~/workflows/listing/retire-listings.server';
import { sweep } from './job';

export const retireListingsSweep = sweep('retire-listings', 10 * 60, retireListings);
export const forgetTokensSweep = sweep('forget-tokens', 10 * 60, forgetTokens);
