import type { runs } from '~db/schema';

/** The row of one prediction through the gateway. */
export type Run = typeof runs.$inferSelect;

/** The fields that settling a run needs. */
export type OpenRun = Pick<
  Run,
  'id' | 'buyerId' | 'state' | 'upstreamStatus' | 'priceId' | 'priceFacts' | 'authorizedNano' | 'deliveredNano' | 'createdAt'
>;
