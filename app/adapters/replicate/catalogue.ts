import { z } from 'zod';
import type { CataloguePort, ModelAnswer, ModelPart, ProviderVersion, VersionsAnswer } from '~/modules/pricing/catalogue-port';
import { plainJson } from '~/platform/json';
import type { ApiClient } from './api-client';

const Version = z.object({ id: z.string().regex(/^[0-9a-f]{64}$/), openapi_schema: z.unknown() });
const Model = z.object({ visibility: z.string(), latest_version: Version.nullish().catch(null) });
const Versions = z.object({ results: z.array(z.unknown()) });

/** Replicate's public models. Official models may list no versions: then only the latest is known. */
export function replicateCatalogue(client: ApiClient): CataloguePort {
  return {
    listVersions: (token, model) => listVersions(client, token, model),
    describe: (token, model, part) => describe(client, token, model, part),
  };
}

async function describe(client: ApiClient, token: string, model: string, part: ModelPart): Promise<ModelAnswer> {
  const shown = await client.call({ method: 'GET', path: `${modelPath(model)}${partPath(part)}`, token });
  if (shown.kind !== 'done') return { ok: false, reason: shown.kind === 'refused' ? refusal(shown.status) : 'unreachable' };
  if (part.kind === 'model' && shown.value.visibility !== 'public') return { ok: false, reason: 'not_public' };
  return { ok: true, body: shown.value };
}

function modelPath(model: string): string {
  return `/v1/models/${model.split('/').map(encodeURIComponent).join('/')}`;
}

function partPath(part: ModelPart): string {
  switch (part.kind) {
    case 'model':
      return '';
    case 'versions':
      return `/versions${part.cursor === null ? '' : `?cursor=${encodeURIComponent(part.cursor)}`}`;
    case 'version':
      return `/versions/${encodeURIComponent(part.version)}`;
  }
}

async function listVersions(client: ApiClient, token: string, model: string): Promise<VersionsAnswer> {
  const path = modelPath(model);
  const [shown, listed] = await Promise.all([
    client.call({ method: 'GET', path, token }),
    client.call({ method: 'GET', path: `${path}/versions`, token }),
  ]);
  if (shown.kind !== 'done') return { ok: false, reason: shown.kind === 'refused' ? refusal(shown.status) : 'unreachable' };
  const facts = Model.safeParse(shown.value);
  if (!facts.success || facts.data.visibility !== 'public') return { ok: false, reason: 'not_public' };
  const latest = facts.data.latest_version;
  return { ok: true, latest: latest ? toVersion(latest) : null, versions: listed.kind === 'done' ? readVersions(listed.value) : [] };
}

function refusal(status: number): 'not_public' | 'token_refused' | 'unreachable' {
  if (status === 404) return 'not_public';
  return status === 401 ? 'token_refused' : 'unreachable';
}

function readVersions(body: Record<string, unknown>): ProviderVersion[] {
  const page = Versions.safeParse(body);
  if (!page.success) return [];
  return page.data.results.flatMap((item) => {
    const version = Version.safeParse(item);
    return version.success ? [toVersion(version.data)] : [];
  });
}

function toVersion({ id, openapi_schema: openapiSchema }: z.output<typeof Version>): ProviderVersion {
  return { version: id, openapiSchema: plainJson(openapiSchema ?? null) };
}
