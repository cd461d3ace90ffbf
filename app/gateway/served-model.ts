import { lotTokens, type LotToken } from '~/modules/metering/index.server';
import {
  currentPrices,
  findVersion,
  latestVersion,
  findPrice,
  refreshVersions,
  type DatedPrice,
  type Refreshed,
  type ServedVersion,
} from '~/modules/pricing/index.server';
import { isTimed } from '~/modules/pricing/price';
import { openSecret } from '~/modules/vault/index.server';
import { paths } from '~/paths';
import type { Ctx } from '~/platform/context';
import type { UserId } from '~/platform/ids';
import { reportLotFailure } from '~/workflows/failing/report-lot-failure.server';
import type { Target } from './create-order';
import type { Gateway } from './gateway';
import { insufficientCredit, lotsPaused, unavailable, unprocessable, type Problem } from './problems';

export interface ServedModel {
  price: DatedPrice;
  version: ServedVersion;
  /** Official models run by name, all others by version. */
  upstreamVersion: string;
}

/**
 * The priced public model behind a name or a version. Only versions of our own table are served. It is filled from the public model's
 * list, so private models are never in it. @throws Problem 422 that names the model.
 */
export async function servedModel(gateway: Gateway, ctx: Ctx, buyerId: UserId, target: Target): Promise<ServedModel> {
  const version =
    target.version === null
      ? await versionOfName(gateway, ctx, buyerId, target.model ?? '')
      : await versionOfHex(gateway, ctx, buyerId, target, target.version);
  const price = await findCachedPrice(gateway, ctx, version.model);
  if (!price) throw unpriced(ctx, version.model);
  const byName = target.version === null && !isTimed(price);
  return { price, version, upstreamVersion: byName ? price.model : version.version };
}

/** The price in force, cached for a few seconds. The run stores the price that it was authorized under. */
export function findCachedPrice(gateway: Gateway, ctx: Ctx, model: string): Promise<DatedPrice | null> {
  return gateway.prices.get(model, () => findPrice(ctx, model));
}

async function versionOfName(gateway: Gateway, ctx: Ctx, buyerId: UserId, model: string): Promise<ServedVersion> {
  const price = await findCachedPrice(gateway, ctx, model);
  if (!price) throw unpriced(ctx, model);
  const known = await gateway.versions.get(model, () => latestVersion(ctx, model));
  if (known) return known;
  await askProvider(gateway, ctx, buyerId, [price]);
  const found = await latestVersion(ctx, model);
  if (!found) throw unavailable(`The provider did not tell the versions of ${model}. Try again in a minute.`);
  return found;
}

async function versionOfHex(gateway: Gateway, ctx: Ctx, buyerId: UserId, target: Target, hex: string): Promise<ServedVersion> {
  const named = target.model === null ? null : await findCachedPrice(gateway, ctx, target.model);
  if (target.model !== null && !named) throw unpriced(ctx, target.model);
  const version = (await gateway.versions.get(hex, () => findVersion(ctx, hex))) ?? (await lookUp(gateway, ctx, buyerId, hex, named));
  if (!version) {
    throw unprocessable(
      `The specified version ${hex} is no version of a model that we serve. Served models: ${modelsUrl(ctx)}`,
      'Invalid version or not permitted',
    );
  }
  if (target.model !== null && version.model !== target.model)
    throw unprocessable(`Version ${hex} is not one of ${target.model}.`, 'Invalid version or not permitted');
  return version;
}

async function lookUp(gateway: Gateway, ctx: Ctx, buyerId: UserId, hex: string, named: DatedPrice | null): Promise<ServedVersion | null> {
  await askProvider(gateway, ctx, buyerId, named ? [named] : await currentPrices(ctx));
  return findVersion(ctx, hex);
}

/** Asks with the tokens of the caller's lots until one is accepted. */
async function askProvider(gateway: Gateway, ctx: Ctx, buyerId: UserId, prices: DatedPrice[]): Promise<void> {
  const due = prices.filter(({ model }) => !gateway.versionsAsked.has(model));
  if (due.length === 0) return;
  const lots = await lotTokens(ctx, buyerId);
  if (lots.length === 0) throw insufficientCredit(`No open grant in this wallet. Buy credit: ${ctx.config.publicUrl}${paths.listings()}`);
  for (const lot of lots) if ((await askWith(gateway, ctx, lot, due)) !== 'token_refused') return;
  throw lotsPaused();
}

async function askWith(gateway: Gateway, ctx: Ctx, lot: LotToken, due: DatedPrice[]): Promise<Refreshed> {
  const token = await openSecret(ctx, { secretId: lot.secretId, boundTo: `listings/${lot.listingId}` });
  for (const price of due) {
    const refreshed = await refreshVersions(ctx, price, token);
    if (refreshed !== 'token_refused') {
      gateway.versionsAsked.set(price.model, true);
      continue;
    }
    await reportLotFailure(ctx, {
      listingId: lot.listingId,
      reason: 'token_refused',
      detail: 'Replicate refused the token when a model was looked up.',
    });
    return refreshed;
  }
  return 'done';
}

function unpriced(ctx: Ctx, model: string): Problem {
  return unprocessable(
    `${model} has no price in our price book, so its runs cannot be metered. Served models: ${modelsUrl(ctx)}`,
    'Model not served',
  );
}

/** The address of the page that lists the priced models. */
export function modelsUrl(ctx: Ctx): string {
  return `${ctx.config.publicUrl}${paths.gatewayDocs()}`;
}
