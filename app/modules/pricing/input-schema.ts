import { invalid } from '~/platform/errors';

/** The part of JSON Schema that prices depend on. */
export interface InputProperty {
  type?: string;
  minimum?: number;
  maximum?: number;
  default?: unknown;
  /** Holds addresses of files, not text. */
  isFile?: boolean;
  enum?: unknown[];
}

export interface InputSchema {
  properties: Record<string, InputProperty>;
}

type Json = Record<string, unknown>;

function object(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Reads the input's properties from a version's `openapi_schema`; resolves enums behind `allOf: [{$ref}]`. */
export function readInputSchema(openapiSchema: unknown): InputSchema {
  const schemas = object(object(object(openapiSchema)?.components)?.schemas) ?? {};
  const properties = object(object(schemas.Input)?.properties) ?? {};
  return {
    properties: Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, flatten(schemas, object(property) ?? {})])),
  };
}

function flatten(schemas: Json, property: Json): InputProperty {
  const [first] = Array.isArray(property.allOf) ? (property.allOf as unknown[]) : [];
  const reference = object(first)?.$ref;
  const target = typeof reference === 'string' ? (object(schemas[reference.split('/').pop() ?? '']) ?? {}) : {};
  const all = { ...target, ...property };
  const minimum = number(all.minimum);
  const maximum = number(all.maximum);
  return {
    ...(typeof all.type === 'string' ? { type: all.type } : {}),
    ...(minimum === null ? {} : { minimum }),
    ...(maximum === null ? {} : { maximum }),
    ...(all.default === undefined ? {} : { default: all.default }),
    ...(all.format === 'uri' || object(all.items)?.format === 'uri' ? { isFile: true } : {}),
    ...(Array.isArray(all.enum) ? { enum: all.enum as unknown[] } : {}),
  };
}

/** A number of the input that a bound depends on, with its limits. Null if the model has no such field. */
export interface Asked {
  /** The given value, else the default, else the schema's largest, else null. */
  value: number | null;
}

/**
 * Reads a number that decides the price, before credit is authorized. Where the model allows zero or less, it means "as long as it
 * takes" and counts as the largest.
 * @throws DomainError 422 on the field for a number that the schema does not allow.
 */
export function askedNumber(schema: InputSchema, input: Json, name: string): Asked | null {
  const property = schema.properties[name];
  if (!property) return null;
  const given = input[name];
  if (given === undefined || given === null) return { value: positive(property, fallback(property)) };
  const value = typeof given === 'string' && isChoice(property, given) ? leadingNumber(given) : given;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw invalid(`input.${name}`, `${name} must be a number.`);
  const { maximum = largestChoice(property) ?? Infinity } = property;
  const minimum = smallestAllowed(property);
  if (value < minimum) throw invalid(`input.${name}`, `${name} must be at least ${minimum}.`);
  if (value > maximum) throw invalid(`input.${name}`, `${name} must be at most ${maximum}.`);
  return { value: positive(property, value) };
}

/** The smallest value that the model allows. Below zero only if its minimum, default or a choice is. */
function smallestAllowed(property: InputProperty): number {
  if (property.minimum !== undefined) return property.minimum;
  return Math.min(0, ...[property.default, ...(property.enum ?? [])].map((value) => number(value) ?? leadingNumber(value) ?? 0));
}

function positive(property: InputProperty, value: number | null): number | null {
  return value !== null && value > 0 ? value : (property.maximum ?? largestChoice(property));
}

function fallback(property: InputProperty): number | null {
  return number(property.default) ?? leadingNumber(property.default) ?? property.maximum ?? largestChoice(property);
}

function isChoice(property: InputProperty, given: string): boolean {
  return property.enum?.includes(given) ?? false;
}

function leadingNumber(value: unknown): number | null {
  const digits = typeof value === 'string' ? /^-?\d+(\.\d+)?/.exec(value)?.[0] : undefined;
  return digits === undefined ? null : Number(digits);
}

function largestChoice(property: InputProperty): number | null {
  const numbers = (property.enum ?? []).map((choice) => number(choice) ?? leadingNumber(choice)).filter((choice) => choice !== null);
  return numbers.length === 0 ? null : Math.max(...numbers);
}

/** UTF-8 bytes of all texts in the input: an upper bound on tokens and characters. */
export function readableBytes(schema: InputSchema, input: Json): number {
  return Object.entries(input).reduce((sum, [name, value]) => sum + (schema.properties[name]?.isFile ? 0 : textBytes(value)), 0);
}

function textBytes(value: unknown): number {
  if (typeof value === 'string') return new TextEncoder().encode(value).length;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + textBytes(item), 0);
  const fields = object(value);
  return fields ? Object.values(fields).reduce<number>((sum, item) => sum + textBytes(item), 0) : 0;
}
