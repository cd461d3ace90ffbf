/** Words that are stored in columns and used by rules and pages. Pure, so that all of them may import it. */

export const listingStates = [
  'draft',
  'in_review',
  'needs_info',
  'rejected',
  'active',
  'paused',
  'suspended',
  'failed',
  'withdrawn',
  'expired',
] as const;

/** Units in which a model's price is counted. */
export const priceUnits = [
  'output_image',
  'output_video_second',
  'input_character',
  'output_audio_file',
  'output_audio_second',
  'token',
  'hardware_second',
] as const;
