import { expect } from 'vitest';
import { checkInvariants } from '~/queries/invariants.server';
import type { Services } from '~/services.server';

/** Every rule of the money and the states holds on the whole database. Every database test ends with it. */
export async function expectInvariants({ services }: { services: Services }): Promise<void> {
  expect(await checkInvariants(services.ctxFor({ kind: 'system', name: 'invariants' }))).toEqual([]);
}
