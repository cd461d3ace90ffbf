import { digitsOf } from '../http/json';
import type { Json, JsonObject } from '../world/records';
import type { InputProperty, InputSchema } from './definition';

export interface InvalidField {
  type: string;
  field: string;
  description: string;
}

/** The input with the schema's defaults filled in, as the model's own code would see it. */
export function withDefaults(schema: InputSchema, input: JsonObject): JsonObject {
  const filled: JsonObject = { ...input };
  for (const [name, property] of Object.entries(schema.properties)) {
    if (filled[name] === undefined && property.default !== undefined) filled[name] = property.default;
  }
  return filled;
}

/** What is wrong with an input, field by field, in Replicate's words. Properties the schema does not name pass. */
export function invalidFields(schema: InputSchema, input: JsonObject): InvalidField[] {
  const missing = schema.required
    .filter((name) => input[name] === undefined)
    .map((name) => ({ type: 'required', field: 'input', description: `${name} is required` }));
  const wrong = Object.entries(schema.properties).flatMap(([name, property]) => {
    const value = input[name];
    const fault = value === undefined ? undefined : findFault(property, value);
    return fault ? [{ ...fault, field: `input.${name}` }] : [];
  });
  return [...missing, ...wrong];
}

function findFault(property: InputProperty, value: Json): Omit<InvalidField, 'field'> | undefined {
  if (!hasType(property.type, value)) {
    return { type: 'invalid_type', description: `Invalid type. Expected: ${property.type}, given: ${typeName(value)}` };
  }
  if (property.enum && !property.enum.some((allowed) => allowed === value)) {
    return {
      type: 'enum',
      description: `Must be one of the following: ${property.enum.map((allowed) => JSON.stringify(allowed)).join(', ')}`,
    };
  }
  if (typeof value !== 'number') return undefined;
  if (property.minimum !== undefined && value < property.minimum) {
    return { type: 'number_gte', description: `Must be greater than or equal to ${property.minimum}` };
  }
  if (property.maximum !== undefined && value > property.maximum) {
    return { type: 'number_lte', description: `Must be less than or equal to ${property.maximum}` };
  }
  return undefined;
}

function hasType(type: InputProperty['type'], value: Json): boolean {
  if (type === 'array') return Array.isArray(value);
  const digits = digitsOf(value);
  if (digits !== null) return type === 'number' || (type === 'integer' && /^-?\d+$/.test(digits));
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

function typeName(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}
