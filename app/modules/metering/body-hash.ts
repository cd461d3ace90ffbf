import { createHash } from 'node:crypto';
import { exactDigits } from '~/platform/json';

/** The same for the same model and input, whatever the order of the fields. Inputs themselves are not kept. */
export function hashBody(model: string, input: unknown): string {
  return hashBodyText(model, canonical(input));
}

/** The same, of an input whose canonical text is known. */
export function hashBodyText(model: string, inputText: string): string {
  return createHash('sha256').update(`${model}\n${inputText}`).digest('base64url');
}

/** An input as one text, the same whatever the order of its fields. */
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
