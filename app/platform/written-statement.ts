import { SQL, type QueryWithTypings } from 'drizzle-orm';

class Written extends SQL {
  constructor(
    private readonly text: string,
    private readonly values: unknown[],
  ) {
    super([]);
  }

  override toQuery(): QueryWithTypings {
    return { sql: this.text, params: this.values };
  }
}

/**
 * A statement whose text stands as it is sent, `$1` for the first value and so on: for paths so hot that putting it together from its
 * pieces each time would cost more than sending it.
 */
export function written(text: string, values: (string | number | null)[]): SQL {
  return new Written(text, values);
}
