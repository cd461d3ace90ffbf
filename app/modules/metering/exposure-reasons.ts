/** An exposure counts against its buyer for so long (policy: exposureLimitCents). */
export const EXPOSURE_DAYS = 30;

/** Why a run cost its lot what nobody pays for, in words for admins. */
export const exposureReasons: Record<string, string> = {
  above_authorization: 'Cost more than was set aside',
  canceled_without_metrics: 'Canceled without metrics or output',
  never_seen_to_end: 'Never seen to end',
  other_model: 'Replicate named another model',
};

/** What buyers cause by what they ask for and cancel. The others are the provider's doing. */
export const causedByBuyers = ['above_authorization', 'canceled_without_metrics'] as const;
