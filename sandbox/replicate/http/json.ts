import { isLosslessNumber, isSafeNumber, LosslessNumber, parse, stringify } from 'lossless-json';

/** Reads JSON as Replicate does: whole numbers of any size keep their digits. @throws SyntaxError. */
export function parseJson(text: string): unknown {
  return parse(text, undefined, {
    parseNumber: (digits) => (isSafeNumber(digits) ? Number(digits) : new LosslessNumber(digits)),
    onDuplicateKey: ({ newValue }) => newValue,
  });
}

/** Writes JSON with every digit that was read. */
export function writeJson(value: unknown, replacer?: (key: string, value: unknown) => unknown): string {
  return stringify(value, replacer) ?? 'null';
}

/** A number that JavaScript cannot hold, as it was written; null for anything else. */
export function digitsOf(value: unknown): string | null {
  return isLosslessNumber(value) ? value.toString() : null;
}
