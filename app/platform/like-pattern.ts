/** A LIKE pattern for texts that contain these words; wildcards in them are escaped. */
export function likePattern(words: string): string {
  return `%${words.replace(/[\\%_]/g, '\\$&')}%`;
}
