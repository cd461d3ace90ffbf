/** A LIKE pattern for texts that hold these words anywhere; its own signs stand for themselves. */
export function likePattern(words: string): string {
  return `%${words.replace(/[\\%_]/g, '\\$&')}%`;
}
