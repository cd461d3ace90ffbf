import type { runs } from '~db/schema';

/** One prediction through the gateway, as its row states it. */
export type Run = typeof runs.$inferSelect;

/** What settling a run needs to know of it. */
export type OpenRun = Pick<
  Run,
  'id' | 'buyerId' | 'state' | 'upstreamStatus' | 'priceId' | 'priceFacts' | 'authorizedNano' | 'deliveredNano' | 'createdAt'
>;
