/** How long an exposure counts against its buyer (policy: exposureLimitCents). */
export const EXPOSURE_DAYS = 30;

/** Why a run cost more than its buyer paid, in words for admins. */
export const exposureReasons: Record<string, string> = {
  above_authorization: 'Cost more than was set aside',
  canceled_without_metrics: 'Canceled without metrics or output',
  never_seen_to_end: 'Never seen to end',
  other_model: 'Replicate named another model',
};

/** Exposures that the buyer's requests and cancels cause. The provider causes the others. */
export const causedByBuyers = ['above_authorization', 'canceled_without_metrics'] as const;
