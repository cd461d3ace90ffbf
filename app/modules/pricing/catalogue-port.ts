/** One version of a public model, as the provider describes it. */
export interface ProviderVersion {
  version: string;
  openapiSchema: unknown;
}

export type VersionsAnswer =
  | { ok: true; latest: ProviderVersion | null; versions: ProviderVersion[] }
  | { ok: false; reason: 'not_public' | 'token_refused' | 'unreachable' };

/** What can be read of a public model: the model, a page of its versions, one version. */
export type ModelPart = { kind: 'model' } | { kind: 'versions'; cursor: string | null } | { kind: 'version'; version: string };

export type ModelAnswer =
  { ok: true; body: Record<string, unknown> } | { ok: false; reason: 'not_public' | 'token_refused' | 'unreachable' };

/** Reads the provider's public models. */
export interface CataloguePort {
  /** The versions of "owner/name", newest first. Any account's token works. */
  listVersions(token: string, model: string): Promise<VersionsAnswer>;
  /** The provider's description of a model, for clients. */
  describe(token: string, model: string, part: ModelPart): Promise<ModelAnswer>;
}

declare module '~/platform/context' {
  interface Ports {
    replicateCatalogue: CataloguePort;
  }
}
