import { constants, crc32, deflateRawSync } from 'node:zlib';

const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** An empty last block (RFC 1951 §3.2.4). */
const LAST_BLOCK = Buffer.from([1, 0, 0, 0xff, 0xff]);
/** Of a stored block: not the last, length, and its complement. */
const STORED_BYTES = 5;
/** Half the size of the slowest level's gain costs a tenth of its time. */
const LEVEL = 5;

/** A gzip file whose gaps are filled at each send, without compressing anything again. */
export interface GzipWithGaps {
  fill(text: string): Buffer;
  bytes: number;
}

/**
 * Compresses the parts between the gaps once. Each part ends on a whole byte (a full flush), so a gap can stand between two of them as a
 * block of bytes that are not compressed; the check sum of the whole is combined from those of its parts.
 * @param parts what stands before, between and after the gaps
 * @param gapBytes length of what fills each gap, in ASCII; at most 65,535
 */
export function gzipWithGaps(parts: readonly Buffer[], gapBytes: number): GzipWithGaps {
  const pieces: Buffer[] = [HEADER];
  const gapsAt: number[] = [];
  let length = HEADER.length;
  const add = (piece: Buffer) => {
    pieces.push(piece);
    length += piece.length;
  };
  parts.forEach((part, index) => {
    if (index > 0) {
      gapsAt.push(length + STORED_BYTES);
      add(Buffer.from([0, gapBytes & 255, gapBytes >> 8, ~gapBytes & 255, (~gapBytes >> 8) & 255, ...Buffer.alloc(gapBytes)]));
    }
    add(deflateRawSync(part, { level: LEVEL, finishFlush: constants.Z_FULL_FLUSH }));
  });
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE((parts.reduce((sum, part) => sum + part.length, 0) + gapsAt.length * gapBytes) >>> 0, 4);
  add(LAST_BLOCK);
  add(trailer);
  const template = Buffer.concat(pieces);
  const sumWith = checkSumOf(parts, gapBytes);
  template.writeUInt32LE(sumWith(0), template.length - 8);
  return {
    bytes: template.length,
    fill(text) {
      if (gapsAt.length === 0) return template;
      const file = Buffer.from(template);
      for (const at of gapsAt) file.write(text, at, 'latin1');
      file.writeUInt32LE(sumWith(crc32(text)), file.length - 8);
      return file;
    },
  };
}

/** The check sum of all parts with the gaps between them filled, from the check sum of what fills a gap. */
function checkSumOf(parts: readonly Buffer[], gapBytes: number): (gap: number) => number {
  const past = shift(gapBytes);
  const known = parts.map((part) => ({ sum: crc32(part), shift: shift(part.length) }));
  return (gap) => {
    let sum = known[0]?.sum ?? 0;
    for (const part of known.slice(1)) {
      sum = (multiply(past, sum) ^ gap) >>> 0;
      sum = (multiply(part.shift, sum) ^ part.sum) >>> 0;
    }
    return sum;
  };
}

// CRC-32 of a text and what follows it, from both sums: polynomials over GF(2), bits reversed, modulo the one of gzip (zlib's crc32_combine).
const POLYNOMIAL = 0xedb88320;

function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 0x80000000; bit !== 0; bit >>>= 1) {
    if (a & bit) product ^= b;
    b = b & 1 ? (b >>> 1) ^ POLYNOMIAL : b >>> 1;
  }
  return product >>> 0;
}

/** By what the sum of a text is multiplied when so many bytes follow it: x to the power of their bits. */
function shift(bytes: number): number {
  let power = 0x80000000;
  let square = 0x00800000;
  for (let left = bytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) power = multiply(square, power);
    square = multiply(square, square);
  }
  return power;
}
