import { describe, expect, it } from 'vitest';
import { createLogger } from './logger';

/** Everything that a logger writes, as text. */
function logged(write: (log: ReturnType<typeof createLogger>) => void, secrets: string[] = []): string {
  const lines: string[] = [];
  write(createLogger('debug', 'test', { secrets, destination: { write: (line) => void lines.push(line) } }));
  for (const line of lines) JSON.parse(line);
  return lines.join('');
}

const token = `r8_${'a1'.repeat(18)}`;
const accessKey = `cmk_${'0f'.repeat(16)}_${'Zz'.repeat(16)}`;
const mac = 'm'.repeat(43);

describe('the log', () => {
  it.each([
    ['a seller’s token in a sentence', token, { err: new Error(`401 for ${token}: unauthenticated`) }],
    ['an access key in a path', accessKey, { path: `/x/${accessKey}` }],
    ['a key of Stripe in an error', 'sk_test_51abcdef', { err: new Error('Invalid API Key provided: sk_test_51abcdef') }],
    ['a webhook’s secret', 'whsec_abc123', { reason: 'whsec_abc123 is wrong' }],
    ['the MAC of a run’s address', mac, { path: `/gateway/hooks/run_${'0'.repeat(32)}/${mac}` }],
    ['a password in a connection string', 'hunter22', { err: new Error('cannot reach postgres://market:hunter22@db:5432/market') }],
    ['a link of a mail', 'k'.repeat(43), { url: `https://market.example/reset?token=${'k'.repeat(43)}` }],
    ['a sign-in cookie, however deep', 'c'.repeat(40), { request: { raw: { note: `__Host-sign_in=${'c'.repeat(40)}; theme=x` } } }],
    ['headers and bodies', 'private words', { req: { headers: { a: 'private words' }, body: 'private words' } }],
    ['a card', '4242 4242 4242 4242', { detail: 'card 4242 4242 4242 4242 was declined' }],
    ['a card without spaces', '4242424242424242', { detail: '4242424242424242' }],
    ['a bearer of something', 'abcdefgh12345678', { detail: 'authorization: Bearer abcdefgh12345678' }],
    ['a field by its name', 'correct horse', { form: { password: 'correct horse' } }],
  ])('holds no %s', (_what, secret, facts) => {
    const text = logged((log) => log.error(facts, 'something happened'));
    expect(text).toContain('something happened');
    expect(text).toContain('[removed]');
    expect(text).not.toContain(secret);
  });

  it('holds none of the process’s own secrets, whatever they look like', () => {
    expect(logged((log) => log.warn({ note: 'the key abc/def+ghi= does not fit' }), ['abc/def+ghi='])).not.toContain('abc/def+ghi=');
  });

  it('keeps what is no secret', () => {
    const facts = { runId: 'run_018f', amountNano: '4242424242424241', path: '/listings/lst_018f', url: 'http://127.0.0.1:3000' };
    expect(logged((log) => log.info(facts, 'serving'))).toContain(JSON.stringify(facts).slice(1, -1));
  });

  it('says of a database’s error only its SQLSTATE', () => {
    const error = Object.assign(new Error('Failed query: select secret'), {
      cause: Object.assign(new Error('x'), { name: 'PostgresError', code: '23505' }),
    });
    const text = logged((log) => log.error({ err: error }, 'no'));
    expect(text).toContain('SQLSTATE 23505');
    expect(text).not.toContain('select secret');
  });

  it('says no statement either when the connection to the database was lost', () => {
    const lost = Object.assign(new Error('write CONNECTION_CLOSED'), { code: 'CONNECTION_CLOSED' });
    const error = Object.assign(new Error('Failed query: select secret\nparams: hash'), {
      query: 'select secret',
      params: ['hash'],
      cause: lost,
    });
    const text = logged((log) => log.error({ err: error }, 'no'));
    expect(text).toContain('SQLSTATE CONNECTION_CLOSED');
    expect(text).not.toContain('select secret');
  });
});
