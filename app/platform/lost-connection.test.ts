import { DrizzleQueryError } from 'drizzle-orm/errors';
import postgres from 'postgres';
import { expect, it } from 'vitest';
import { isLostConnection } from './lost-connection';

const withCode = (code: string) => Object.assign(new Error(code), { code });

it.each(['CONNECTION_CLOSED', 'CONNECT_TIMEOUT', 'ECONNRESET', '57P01', '57P03', '08006'])('%s is a lost connection', (code) => {
  expect(isLostConnection(withCode(code))).toBe(true);
  expect(isLostConnection(new DrizzleQueryError('select 1', [], withCode(code)))).toBe(true);
});

it.each(['23505', '57014', '40001', '57P04', 'EACCES'])('%s is none', (code) => {
  expect(isLostConnection(withCode(code))).toBe(false);
});

it('is not a provider that cannot be reached', () => {
  expect(isLostConnection(new TypeError('fetch failed', { cause: withCode('ECONNREFUSED') }))).toBe(false);
  expect(isLostConnection(null)).toBe(false);
});

it('is what the client says where nobody listens', async () => {
  const client = postgres('postgres://nobody@127.0.0.1:1/none', { max: 1 });
  const error: unknown = await client`select 1`.catch((reason: unknown) => reason);
  await client.end();
  expect(isLostConnection(error)).toBe(true);
});
