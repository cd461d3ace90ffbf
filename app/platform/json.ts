import { randomBytes } from 'node:crypto';
import { isLosslessNumber, isSafeNumber, LosslessNumber, stringify } from 'lossless-json';

/** Marks digits while the text is parsed. Random per process, so that no input can begin with it. */
const MARK = `${randomBytes(12).toString('hex')}:`;
/** A number that may not fit into a JavaScript number: 16 digits or more, or an exponent. Also matches within texts. */
const RISKY = /(?:^|[[:,\s])-?\d*(?:[\d.]{16}|\d\.?\d*[eE])/;
const TEXT_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/**
 * Parses JSON without losing digits: a number beyond JavaScript's precision (a seed above 2^53) becomes a LosslessNumber. Other JSON
 * costs one search more than `JSON.parse`. @throws SyntaxError.
 */
export function parseJson(text: string): unknown {
  if (!RISKY.test(text)) return JSON.parse(text);
  const marked = text.replace(TEXT_OR_NUMBER, (part) => (part.startsWith('"') || isSafeNumber(part) ? part : JSON.stringify(MARK + part)));
  if (marked === text) return JSON.parse(text);
  return JSON.parse(marked, (_key, value: unknown) => (typeof value === 'string' && value.startsWith(MARK) ? exact(value) : value));
}

function exact(marked: string): LosslessNumber {
  try {
    return new LosslessNumber(marked.slice(MARK.length));
  } catch {
    throw new SyntaxError('This is no number of JSON.');
  }
}

/** Writes JSON with all digits of LosslessNumbers. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  return text.includes('"isLosslessNumber":true') ? (stringify(value) ?? 'null') : text;
}

/** A value as a finite JavaScript number, rounded if needed; null if it is none. */
export function countable(value: unknown): number | null {
  const number = isLosslessNumber(value) ? Number(value.toString()) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** The digits of a LosslessNumber; null for anything else. */
export function exactDigits(value: unknown): string | null {
  return isLosslessNumber(value) ? value.toString() : null;
}

const ESCAPE = /\\(?:u(?:0000|d[89a-f][0-9a-f]{2})|.)/g;

/** JSON for a `jsonb` column. Postgres refuses NUL and lone surrogates: each becomes U+FFFD. */
export function jsonbText(value: unknown): string {
  return jsonText(value).replace(ESCAPE, (escape) => (escape.length > 2 ? '\\ufffd' : escape));
}

/** A value with plain numbers (rounded) and texts as `jsonbText` writes them. */
export function plainJson(value: unknown): unknown {
  return JSON.parse(jsonbText(value));
}
