import type { IncomingMessage } from 'node:http';
import { findBuyerLots } from '~/modules/metering/index.server';
import { pickPublicFields } from '~/modules/metering/prediction-body';
import type { ModelAnswer, ModelPart } from '~/modules/pricing/catalogue-port';
import { openSecret } from '~/modules/vault/index.server';
import { paths } from '~/paths';
import type { Ctx } from '~/platform/context';
import { reportLotFailure } from '~/workflows/failing/report-lot-failure.server';
import type { Caller, Gateway } from './gateway';
import { isObject, type Reply } from './http';
import { insufficientCredit, lotsPaused, notFound, Problem, throttled, unavailable } from './problems';
import { modelsUrl, findCachedPrice, servedModel } from './served-model';

type Body = Record<string, unknown>;

/** GET /models/{owner}/{name}: a model with a price, as the provider describes it. The Python client reads it around each run. */
export async function showModel(gateway: Gateway, caller: Caller, model: string): Promise<Reply> {
  return { status: 200, body: publicModel(await read(gateway, caller, model, { kind: 'model' })) };
}

/** GET /models/{owner}/{name}/versions, one page. */
export async function listVersions(gateway: Gateway, caller: Caller, model: string, req: IncomingMessage): Promise<Reply> {
  const cursor = encodeCursor(req.url);
  const body = await read(gateway, caller, model, { kind: 'versions', cursor });
  return { status: 200, body: publicPage(body, `${gateway.addresses().gatewayUrl}/models/${model}/versions`) };
}

/** GET /models/{owner}/{name}/versions/{version}: only versions that can be run. */
export async function showVersion(gateway: Gateway, caller: Caller, model: string, version: string): Promise<Reply> {
  const body = await read(gateway, caller, model, { kind: 'version', version });
  return { status: 200, body };
}

async function read(gateway: Gateway, caller: Caller, model: string, part: ModelPart): Promise<Body> {
  const ctx = gateway.ctx();
  if (!(await findCachedPrice(gateway, ctx, model)))
    throw new Problem(404, 'Not found', `${model} has no price in our price book. Models with a price: ${modelsUrl(ctx)}`);
  const lots = await findBuyerLots(ctx, caller.buyerId);
  if (lots.length === 0) throw insufficientCredit(`This wallet has no lot yet. Buy credit: ${ctx.config.publicUrl}${paths.listings()}`);
  if (part.kind === 'version') await refuseForeignVersion(gateway, ctx, caller, model, part.version);
  const ask = (what: ModelPart) =>
    gateway.descriptions.get(`${model} ${JSON.stringify(what)}`, () =>
      askLots(gateway, ctx, caller, lots, (token) => ctx.ports.replicateCatalogue.describe(token, model, what)),
    );
  // A model that is no longer public must not be described from the cache.
  const shown = await ask({ kind: 'model' });
  const body = part.kind === 'model' ? shown : shown && (await ask(part));
  if (!body) throw notFound();
  return body;
}

/** Versions that our table does not have are not looked up, since each call counts against the seller's account. */
async function refuseForeignVersion(gateway: Gateway, ctx: Ctx, caller: Caller, model: string, version: string): Promise<void> {
  await servedModel(gateway, ctx, caller.buyerId, { model, version }).catch((error: unknown) => {
    throw error instanceof Problem && error.status === 422 ? notFound() : error;
  });
}

/** Asks with the tokens of the wallet's lots until one is accepted. Null if the provider shows no such thing to the public. */
async function askLots(
  gateway: Gateway,
  ctx: Ctx,
  caller: Caller,
  lots: Awaited<ReturnType<typeof findBuyerLots>>,
  ask: (token: string) => Promise<ModelAnswer>,
): Promise<Body | null> {
  const turn = gateway.lookUps.take(caller.accessKeyId, gateway.monotonicMs());
  if ('retrySeconds' in turn) throw throttled(turn.retrySeconds);
  for (const { listingId, secretId, open } of lots) {
    const token = await openSecret(ctx, { secretId, boundTo: `listings/${listingId}` }).catch(() => null);
    if (token === null) continue;
    const answer = await ask(token);
    if (answer.ok) return answer.body;
    if (answer.reason === 'not_public') return null;
    if (answer.reason === 'unreachable') throw unavailable('The provider could not be asked about the model. Try again.');
    if (open)
      await reportLotFailure(ctx, {
        listingId,
        reason: 'token_refused',
        detail: 'Replicate refused the token when a model was looked up.',
      });
  }
  throw lotsPaused();
}

/** Removes the addresses from the example: they lead to the provider, and clients would send the buyer's key there. */
export function publicModel(body: Body): Body {
  const { default_example: example } = body;
  return { ...body, default_example: isObject(example) ? pickPublicFields(example) : null };
}

/** Rewrites `next` and `previous` to addresses of this gateway. */
export function publicPage(body: Body, address: string): Body {
  const ours = (url: unknown) => {
    const cursor = typeof url === 'string' ? encodeCursor(url) : null;
    return cursor === null ? null : `${address}?${new URLSearchParams({ cursor }).toString()}`;
  };
  return { next: ours(body.next), previous: ours(body.previous), results: body.results };
}

function encodeCursor(url = ''): string | null {
  const cursor = URL.canParse(url, 'http://gateway') ? new URL(url, 'http://gateway').searchParams.get('cursor') : null;
  return cursor !== null && /^[\w+/=.-]{1,500}$/.test(cursor) ? cursor : null;
}
