import { expect } from 'vitest';
import { checkInvariants, standingInvariants } from '~/invariants/check-invariants.server';
import type { Services } from '~/services.server';

/**
 * Checks every rule of money and states on the whole database. Every database test ends with it. No worker runs in these tests, so
 * they may leave something open for too long.
 */
export async function expectInvariants({ services }: { services: Services }): Promise<void> {
  expect(await checkInvariants(services.ctxFor({ kind: 'system', name: 'invariants' }), standingInvariants)).toEqual([]);
}
