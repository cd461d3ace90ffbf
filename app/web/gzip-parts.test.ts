import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { gzipWithGaps } from './gzip-parts';

it('is a gzip file of the parts with the gaps filled, each time with another text', () => {
  const parts = fc.array(
    fc.string({ unit: 'binary', maxLength: 2_000 }).map((text) => Buffer.from(text)),
    { minLength: 1, maxLength: 6 },
  );
  const gap = fc.stringMatching(/^[A-Za-z0-9+/=]{24}$/);
  fc.assert(
    fc.property(parts, gap, gap, (pieces, first, second) => {
      const file = gzipWithGaps(pieces, 24);
      for (const text of [first, second, first]) {
        // gunzip refuses a wrong check sum and a wrong length.
        expect(gunzipSync(file.fill(text)).toString('latin1')).toBe(pieces.map((piece) => piece.toString('latin1')).join(text));
      }
    }),
    { numRuns: 100 },
  );
});

it('holds for parts longer than the window of the compression', () => {
  const long = Buffer.from('credit that burns '.repeat(20_000));
  const file = gzipWithGaps([long, long], 24).fill('n'.repeat(24));
  expect(gunzipSync(file).equals(Buffer.concat([long, Buffer.from('n'.repeat(24)), long]))).toBe(true);
  expect(file.length).toBeLessThan(long.length / 50);
});
