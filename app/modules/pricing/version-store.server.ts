import { and, desc, eq, notInArray } from 'drizzle-orm';
import { modelVersions } from '~db/schema';
import { atomic, type Ctx } from '~/platform/context';
import type { ProviderVersion } from './catalogue-port';
import { readInputSchema, type InputSchema } from './input-schema';
import { isTimed, type Price } from './price';

/** A version of a public model with a price. */
export interface ServedVersion {
  model: string;
  version: string;
  schema: InputSchema;
}

function toServed(row: typeof modelVersions.$inferSelect): ServedVersion {
  return { model: row.model, version: row.version, schema: { properties: row.inputSchema as InputSchema['properties'] } };
}

/** The version by its 64 hex digits; null if our table does not have it. */
export async function findVersion(ctx: Ctx, version: string): Promise<ServedVersion | null> {
  const [row] = await ctx.db
    .select()
    .from(modelVersions)
    .where(and(eq(modelVersions.provider, 'replicate'), eq(modelVersions.version, version)));
  return row ? toServed(row) : null;
}

/** The newest version of a model in our table. */
export async function latestVersion(ctx: Ctx, model: string): Promise<ServedVersion | null> {
  const [row] = await ctx.db
    .select()
    .from(modelVersions)
    .where(and(eq(modelVersions.provider, 'replicate'), eq(modelVersions.model, model), eq(modelVersions.latest, true)))
    .orderBy(desc(modelVersions.seenAt))
    .limit(1);
  return row ? toServed(row) : null;
}

/** `failed`: the provider cannot be reached, or does not show the model. */
export type Refreshed = 'done' | 'failed' | 'token_refused';

/** Fills a model's version table from the provider's public list. On failure the old rows stay. */
export async function refreshVersions(ctx: Ctx, price: Price, token: string): Promise<Refreshed> {
  const answer = await ctx.ports.replicateCatalogue.listVersions(token, price.model);
  if (!answer.ok) return answer.reason === 'token_refused' ? 'token_refused' : 'failed';
  const latest = answer.latest ?? answer.versions[0];
  if (!latest) return 'failed';
  const all = new Map([...answer.versions, latest].map((version) => [version.version, version]));
  await atomic(ctx, (tx) => writeVersions(tx, price, latest.version, [...all.values()]));
  return 'done';
}

async function writeVersions(tx: Ctx, price: Price, latest: string, versions: ProviderVersion[]): Promise<void> {
  const ids = versions.map(({ version }) => version);
  const mine = and(eq(modelVersions.provider, 'replicate'), eq(modelVersions.model, price.model));
  for (const { version, openapiSchema } of versions) {
    const facts = {
      official: !isTimed(price),
      inputSchema: readInputSchema(openapiSchema).properties,
      latest: version === latest,
      seenAt: tx.now,
    };
    await tx.db
      .insert(modelVersions)
      .values({ version, model: price.model, ...facts })
      .onConflictDoUpdate({
        target: [modelVersions.provider, modelVersions.version],
        set: facts,
        setWhere: eq(modelVersions.model, price.model),
      });
  }
  await tx.db
    .update(modelVersions)
    .set({ latest: false })
    .where(and(mine, notInArray(modelVersions.version, ids)));
}
