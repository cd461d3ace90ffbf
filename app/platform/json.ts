import { randomBytes } from 'node:crypto';
import { isLosslessNumber, isSafeNumber, LosslessNumber, stringify } from 'lossless-json';

/** Before a number's digits while the text is read. Drawn anew by each process, so that no text can begin with it. */
const MARK = `${randomBytes(12).toString('hex')}:`;
/** A number of 16 digits or more, or one with an exponent: it may not fit into a JavaScript number. May match inside a text, too. */
const RISKY = /(?:^|[[:,\s])-?\d*(?:[\d.]{16}|\d\.?\d*[eE])/;
const TEXT_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/**
 * Reads JSON and loses no digit: a number that does not fit into a JavaScript number (a seed above 2^53) becomes a LosslessNumber. All
 * other JSON costs what `JSON.parse` costs and one search. @throws SyntaxError.
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

/** Writes JSON with every digit that was read. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  return text.includes('"isLosslessNumber":true') ? (stringify(value) ?? 'null') : text;
}

/** A number as JavaScript can count with it, rounded where it must be; null for anything else and for what is beyond its range. */
export function countable(value: unknown): number | null {
  const number = isLosslessNumber(value) ? Number(value.toString()) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** The digits of a number that does not fit into a JavaScript number; null for anything else. */
export function exactDigits(value: unknown): string | null {
  return isLosslessNumber(value) ? value.toString() : null;
}

const ESCAPE = /\\(?:u(?:0000|d[89a-f][0-9a-f]{2})|.)/g;

/** JSON for a `jsonb` column. Postgres refuses zero characters and halves of characters there: each becomes U+FFFD. */
export function jsonbText(value: unknown): string {
  return jsonText(value).replace(ESCAPE, (escape) => (escape.length > 2 ? '\\ufffd' : escape));
}

/** A value as JavaScript can count with it and a `jsonb` column can hold it: numbers are rounded, and texts are as `jsonbText` has them. */
export function plainJson(value: unknown): unknown {
  return JSON.parse(jsonbText(value));
}
