import { createHash } from 'node:crypto';
import { exactDigits } from '~/platform/json';

/** Hash of model and input, independent of the order of the fields. Inputs themselves are not stored. */
export function hashBody(model: string, input: unknown): string {
  return hashBodyText(model, canonical(input));
}

/** As `hashBody`, from an input that is already canonical JSON. */
export function hashBodyText(model: string, inputText: string): string {
  return createHash('sha256').update(`${model}\n${inputText}`).digest('base64url');
}

/** Canonical JSON: equal inputs give equal texts, whatever the order of their fields. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const digits = exactDigits(value);
  if (digits !== null) return digits;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
