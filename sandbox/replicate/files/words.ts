const WORDS = 'Credit that nobody burns is money that melts. So sell what you will not use, and buy what you will.'.split(' ');

/** This many pieces of text, one for each token, always the same. */
export function makeWords(pieces: number): string[] {
  return Array.from({ length: pieces }, (_, index) => `${index === 0 ? '' : ' '}${WORDS[index % WORDS.length] ?? ''}`);
}
