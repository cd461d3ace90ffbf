import { request } from 'undici';
import { z } from 'zod';
import { plainJson } from '~/platform/json';
import type { AccountAnswer, ReplicatePort } from '~/modules/listings/replicate-port';

const Account = z.object({
  type: z.enum(['user', 'organization']),
  username: z.string().min(1),
  name: z.string().catch(''),
  github_url: z.string().nullish(),
});
const TIMEOUT_MS = 10_000;

/** Asks Replicate for the account of a token. The token is sent in one header and stored nowhere. */
export function replicateAccounts(options: { apiUrl: string }): ReplicatePort {
  const url = new URL('/v1/account', options.apiUrl);
  return { getAccount: (token) => getAccount(url, token) };
}

async function getAccount(url: URL, token: string): Promise<AccountAnswer> {
  try {
    const answer = await request(url, {
      headers: { authorization: `Bearer ${token}`, accept: 'application/json', 'user-agent': 'credit-mart' },
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
    });
    if (answer.statusCode !== 200) {
      await answer.body.dump();
      return { ok: false, reason: refusal(answer.statusCode) };
    }
    const account = Account.parse(plainJson(await answer.body.json()));
    return {
      ok: true,
      account: { type: account.type, username: account.username, name: account.name, githubUrl: account.github_url ?? null },
    };
  } catch {
    // A time-out, a reset, or an answer that is no account says nothing about the token.
    return { ok: false, reason: 'unreachable' };
  }
}

function refusal(status: number): 'invalid_token' | 'no_credit' | 'unreachable' {
  if (status === 401 || status === 403) return 'invalid_token';
  return status === 402 ? 'no_credit' : 'unreachable';
}
