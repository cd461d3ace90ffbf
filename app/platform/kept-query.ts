import { is, Param, Placeholder, sql, type DriverValueEncoder, type SQLWrapper } from 'drizzle-orm';
import type { Ctx, Db } from './context';

interface Prepared<Result> {
  execute(): Promise<Result>;
}

/** What drizzle builds: a select, insert, update or delete. */
interface Query<Result> {
  prepare(name: string): Prepared<Result>;
}

type Encoder = DriverValueEncoder<unknown, unknown>;

/** Where a value goes: of a column to be inserted its name alone; elsewhere with the column whose way of writing it counts. */
interface Place<Values> {
  <Name extends keyof Values & string>(name: Name): Placeholder<Name, Values[Name]>;
  <Name extends keyof Values & string>(name: Name, column: SQLWrapper & Encoder): Param;
}

/**
 * A statement that drizzle puts together once in a process; afterwards it is only sent, with its values. For paths on which putting it
 * together each time costs more than sending it. It runs where its context does, in an atomic block too.
 */
export function kept<Values extends object>() {
  const place = ((name: string, column?: Encoder) => {
    const there = sql.placeholder(name);
    return column ? sql.param(there, column) : there;
  }) as Place<Values>;
  return <Result>(build: (db: Db, place: Place<Values>) => Query<Result>): ((ctx: Pick<Ctx, 'db'>, values: Values) => Promise<Result>) => {
    let known: { model: Prepared<Result>; valuesOf: (values: object) => unknown[] } | null = null;
    return ({ db }, values) => {
      if (!known) {
        const model = build(db, place).prepare('kept');
        known = { model, valuesOf: filling(model) };
      }
      // The same statement on the connection of this block. Whether the database keeps it too is the client's to say (`openDatabase`).
      const client: unknown = Reflect.get(db._.session, 'client');
      const own = { client, prepare: false, params: known.valuesOf(values) };
      const sent = Object.assign(Object.create(known.model) as Prepared<Result>, own);
      return sent.execute();
    };
  };
}

/** How the values of a statement are written, in their order. */
function filling(model: object): (values: object) => unknown[] {
  const params = Reflect.get(model, 'params') as unknown[];
  const fills = params.map((param) => {
    if (is(param, Placeholder)) return (values: object) => valueOf(values, param.name);
    if (is(param, Param) && is(param.value, Placeholder)) {
      const { encoder, value: there } = param;
      return (values: object) => {
        const value = valueOf(values, there.name);
        return value === null ? null : encoder.mapToDriverValue(value);
      };
    }
    return () => param;
  });
  return (values) => fills.map((fill) => fill(values));
}

function valueOf(values: object, name: string): unknown {
  const value: unknown = Reflect.get(values, name);
  if (value === undefined) throw new Error(`The statement needs a value for ${name}.`);
  return value;
}
