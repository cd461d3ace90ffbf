import type { runs } from '~db/schema';

/** One prediction through the gateway, as its row states it. */
export type Run = typeof runs.$inferSelect;
