import type { World } from '../core/world';
import type { Parameters } from './parameters';

export interface Call<Input> {
  world: World;
  /** The id in the path, or an empty string. */
  id: string;
  input: Input;
  /** Where this server is reached; hosted pages live under it. */
  origin: string;
}

/** One of Stripe's endpoints: `read` checks the request's shape and changes nothing, `run` does the work. */
export interface Endpoint {
  operation: string;
  method: 'GET' | 'POST' | 'DELETE';
  pattern: RegExp;
  answer(call: { world: World; id: string; parameters: Parameters; origin: string }): () => object;
}

export function endpoint<Input>(definition: {
  operation: string;
  method: Endpoint['method'];
  path: `/v1/${string}`;
  read: (parameters: Parameters, world: World) => Input;
  run: (call: Call<Input>) => object;
}): Endpoint {
  const { operation, method, path, read, run } = definition;
  return {
    operation,
    method,
    pattern: new RegExp(`^${path.replace(':id', '([A-Za-z0-9_]+)')}$`),
    answer({ world, id, parameters, origin }) {
      const input = read(parameters, world);
      parameters.finish();
      return () => run({ world, id, input, origin });
    },
  };
}

/** For endpoints that take nothing but `expand`. */
export const noParameters = (): null => null;
