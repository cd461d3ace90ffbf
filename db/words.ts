/** Words that stand in columns and are spoken of by the rules and by pages too: pure, so that any of them may import it. */

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

/** What a model's price is counted in. */
export const priceUnits = [
  'output_image',
  'output_video_second',
  'input_character',
  'output_audio_file',
  'output_audio_second',
  'token',
  'hardware_second',
] as const;
