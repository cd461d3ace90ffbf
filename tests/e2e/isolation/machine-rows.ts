import { paths } from '~/paths';
import { makeVersionId } from '~sandbox/replicate/world/ids';
import { everyone, type Answers } from './roles';

/** One call to an API route. `as`: the credentials sent, the role's cookie or its access key. */
export interface Call {
  what: string;
  method: 'GET' | 'POST' | 'DELETE';
  path(facts: CallFacts): string;
  as: 'cookie' | 'key';
  body?: unknown;
  gets: Answers;
}

export interface CallFacts {
  /** A prediction of the buyer, by its id at Replicate. */
  predictionId: string;
  /** The run of that prediction. */
  runId: string;
}

const gateway = paths.gatewayBase();
const model = 'black-forest-labs/flux-schnell';
const version = makeVersionId(model);
const run = { input: { prompt: 'a ledger with a meter in it' } };

const noKey = everyone(401);
/** A key gives its owner's rights; a suspended person's key gives none. */
const withKey = (answers: Partial<Answers>): Answers => ({ ...everyone('absent'), anonymous: 401, suspended: 401, ...answers });
const reads = everyone('page');
const notServed = { other: 501, buyer: 501, seller: 501, admin: 501 };

const get = (path: Call['path'], as: Call['as'], gets: Answers, what = 'read'): Call => ({ what, method: 'GET', path, as, gets });
const post = (path: Call['path'], as: Call['as'], gets: Answers, body: unknown, what = 'post'): Call => ({
  what,
  method: 'POST',
  path,
  as,
  body,
  gets,
});

/** Every URL mounted beside the pages, as `manifest.ts` reads it from express. */
export const machineRows: Record<string, Call[]> = {
  'get /healthz': [get(() => '/healthz', 'cookie', reads)],
  'get /readyz': [get(() => '/readyz', 'cookie', reads)],
  [`post ${gateway}/predictions`]: [
    post(() => `${gateway}/predictions`, 'cookie', noKey, { version: 'x', ...run }),
    post(() => `${gateway}/predictions`, 'key', withKey({ other: 402, seller: 402, admin: 402, buyer: 422 }), { version: 'x', ...run }),
  ],
  [`post ${gateway}/models/:model/predictions`]: [
    // A cookie does not work as a key.
    post(() => `${gateway}/models/${model}/predictions`, 'cookie', noKey, run),
    // A buyer without purchases has no credit to burn.
    post(() => `${gateway}/models/${model}/predictions`, 'key', withKey({ other: 402, seller: 402, admin: 402, buyer: 'done' }), run),
  ],
  [`get ${gateway}/predictions/:id`]: [
    get(({ predictionId }) => `${gateway}/predictions/${predictionId}`, 'cookie', noKey),
    get(({ predictionId }) => `${gateway}/predictions/${predictionId}`, 'key', withKey({ buyer: 'page' })),
  ],
  [`post ${gateway}/predictions/:id/cancel`]: [
    post(({ predictionId }) => `${gateway}/predictions/${predictionId}/cancel`, 'cookie', noKey, {}),
    post(({ predictionId }) => `${gateway}/predictions/${predictionId}/cancel`, 'key', withKey({ buyer: 'page' }), {}),
  ],
  // Models are read with the token of a lot in the wallet.
  [`get ${gateway}/models/:model`]: [
    get(() => `${gateway}/models/${model}`, 'cookie', noKey),
    get(() => `${gateway}/models/${model}`, 'key', withKey({ other: 402, seller: 402, admin: 402, buyer: 'page' })),
  ],
  [`get ${gateway}/models/:model/versions`]: [
    get(() => `${gateway}/models/${model}/versions`, 'cookie', noKey),
    get(() => `${gateway}/models/${model}/versions`, 'key', withKey({ other: 402, seller: 402, admin: 402, buyer: 'page' })),
  ],
  [`get ${gateway}/models/:model/versions/:version`]: [
    get(() => `${gateway}/models/${model}/versions/${version}`, 'cookie', noKey),
    get(() => `${gateway}/models/${model}/versions/${version}`, 'key', withKey({ other: 402, seller: 402, admin: 402, buyer: 'page' })),
  ],
  [`get ${gateway}/account`]: [
    get(() => `${gateway}/account`, 'cookie', noKey),
    get(() => `${gateway}/account`, 'key', withKey({ other: 'page', buyer: 'page', seller: 'page', admin: 'page' })),
  ],
  'post /gateway/hooks/:run/:mac': [
    post(({ runId }) => paths.gatewayHook(runId, 'A'.repeat(43)), 'cookie', everyone('absent'), { id: 'x' }, 'a report that is forged'),
    get(({ runId }) => paths.gatewayHook(runId, 'A'.repeat(43)), 'cookie', everyone('absent')),
  ],
  'get /gateway/files/:mac/*': [
    get(() => paths.gatewayFile('A'.repeat(43), '/files/x/0.png'), 'cookie', everyone('absent'), 'a forged address of a file'),
    get(() => paths.gatewayFile('A'.repeat(43), '/v1/account'), 'key', everyone('absent'), 'a forged address of something else'),
  ],
  'use /gateway': [
    get(() => '/gateway', 'cookie', everyone('absent')),
    get(() => '/gateway/other', 'key', everyone('absent')),
    get(() => `${gateway}/predictions`, 'key', withKey(notServed), 'a list, which is not served'),
    get(() => `${gateway}/hardware`, 'key', withKey(notServed), 'what is not served'),
  ],
  'post /webhooks/stripe': [
    post(
      () => paths.webhooks.stripe(),
      'cookie',
      everyone(400),
      { id: 'evt_1', type: 'checkout.session.completed' },
      'an event without a signature',
    ),
    get(() => paths.webhooks.stripe(), 'cookie', everyone('absent')),
  ],
  'get /api/v1/listings': [get(() => paths.api.listings(), 'cookie', reads)],
  'all /api/v1/listings': [post(() => paths.api.listings(), 'cookie', everyone(405), { a: 1 })],
  'get /dev/mail/:mailId/html': [get(() => paths.devMailHtml(`mal_${'0'.repeat(32)}`), 'cookie', everyone('absent'), 'no mail')],
  'use /assets': [get(() => '/assets/no-such-file.js', 'cookie', everyone('absent'))],
};
