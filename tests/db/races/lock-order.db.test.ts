import { describe, expect, it } from 'vitest';
import { documentedLockOrder, LockOrderWatch } from '~tests/setup/lock-order';

describe('the lock order', () => {
  it('is read from the README of the workflows', () => {
    expect(documentedLockOrder()).toEqual(['seller_profiles', 'checkouts', 'listings', 'transactions', 'grants']);
  });

  it('is checked in each atomic block of each connection', () => {
    const watch = new LockOrderWatch();
    const says = (connection: number, ...statements: string[]) => statements.forEach((text) => watch.see(connection, text));
    says(1, 'begin', 'select "id" from "checkouts" where "id" = $1 for update', 'update "listings" set "state" = $1', 'commit');
    says(1, 'begin', 'update "listings" set "state" = $1', 'rollback', 'begin', 'select 1 from "checkouts" for update', 'commit');
    says(2, 'update "grants" set "state" = $1', 'update "listings" set "state" = $1');
    expect(watch.problems).toEqual([]);
    says(1, 'begin');
    says(2, 'begin', 'update "checkouts" set "state" = $1');
    says(1, 'update "grants" as g set "state" = $1', 'select "id" from "listings" for no key update', 'commit');
    expect(watch.problems).toEqual(['listings was locked after grants']);
  });
});
