import type { JsonObject, Metrics, OutputShape } from '../world/records';
import type { Price } from './price';

/** One property of a model's input, in the part of JSON Schema that Replicate's models use. */
export interface InputProperty {
  type: 'string' | 'integer' | 'number' | 'boolean' | 'array';
  description?: string;
  default?: string | number | boolean;
  minimum?: number;
  maximum?: number;
  enum?: readonly (string | number)[];
  format?: 'uri';
  items?: { type: 'string'; format?: 'uri' };
}

export interface InputSchema {
  required: readonly string[];
  properties: Record<string, InputProperty>;
}

/** What a run of a model yields, given its input with the schema's defaults filled in. `units` overrides how much it produces. */
export type Produce = (input: JsonObject, units: number | undefined) => { metrics: Metrics; output: OutputShape };

/** A model of the sandbox before it has an owner and a version. */
export interface ModelDefinition {
  name: string;
  description: string;
  price: Price;
  /** Official models are run by name; community models are run by version. */
  official: boolean;
  /** predict_time of an ordinary run, in seconds. */
  typicalSeconds: number;
  input: InputSchema;
  produce: Produce;
}

export interface Model extends ModelDefinition {
  visibility: 'public' | 'private';
  version: string;
}

/** A number of the input, or the fallback when it is missing or not a number. */
export function numberIn(input: JsonObject, name: string, fallback: number): number {
  const value = input[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : fallback;
}

/** A text of the input, or the empty text. */
export function textIn(input: JsonObject, name: string): string {
  const value = input[name];
  return typeof value === 'string' ? value : '';
}

export const prompt: InputProperty = { type: 'string', description: 'What to make' };
export const seed: InputProperty = { type: 'integer', description: 'Random seed. Set for reproducible generation' };
export const imageFile: InputProperty = { type: 'string', format: 'uri' };
export const imageFiles: InputProperty = { type: 'array', items: { type: 'string', format: 'uri' } };

/** A choice among fixed values; the first is the default unless another is named. */
export function choice(values: readonly string[], byDefault = values[0] ?? ''): InputProperty {
  return { type: 'string', enum: values, default: byDefault };
}

export function whole(minimum: number, maximum: number, byDefault: number): InputProperty {
  return { type: 'integer', minimum, maximum, default: byDefault };
}

export function flag(byDefault: boolean): InputProperty {
  return { type: 'boolean', default: byDefault };
}
