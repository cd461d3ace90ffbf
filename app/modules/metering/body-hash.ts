import { createHash } from 'node:crypto';

/** The same for the same model and input, whatever the order of the fields. Inputs themselves are not kept. */
export function bodyHashOf(model: string, input: unknown): string {
  return createHash('sha256').update(model).update('\n').update(canonical(input)).digest('base64url');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
