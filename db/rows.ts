import { getTableColumns } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';

type Scalar = string | number | boolean | null;

/**
 * Translates between a table's model and the rows of statements that are written as templates, by the table's own drizzle columns:
 * `insert into … ${sql(table.toColumns(model))} returning ${sql(table.names)}`, then `table.toModel(row)`.
 */
export function rowsOf<T extends PgTable>(table: T) {
  const columns = Object.entries(getTableColumns(table));
  return {
    /** Names for `select ${sql(table.names)}`. Never select *: adding a column would invalidate the prepared statement. */
    names: columns.map(([, column]) => column.name),
    /** Column names and values as the driver sends them. Fields that are undefined are left out. */
    toColumns(model: Partial<T['$inferSelect']>): Record<string, Scalar> {
      const given: Record<string, unknown> = model;
      return Object.fromEntries(
        columns.flatMap(([field, column]): [string, Scalar][] => {
          const value = given[field];
          if (value === undefined) return [];
          return [[column.name, value === null ? null : toScalar(column.mapToDriverValue(value))]];
        }),
      );
    },
    /** A row with these names, as drizzle would return it. */
    toModel(row: object): T['$inferSelect'] {
      const given = new Map<string, unknown>(Object.entries(row));
      return Object.fromEntries(
        columns.map(([field, column]) => {
          const value = given.get(column.name);
          return [field, value === null ? null : column.mapFromDriverValue(value)];
        }),
      );
    },
  };
}

function toScalar(value: unknown): Scalar {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value;
    case 'bigint':
      return value.toString();
    default:
      throw new Error(`A column cannot be sent as ${typeof value}.`);
  }
}
