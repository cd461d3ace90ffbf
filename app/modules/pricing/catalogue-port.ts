/** One version of a public model, as the provider describes it. */
export interface ProviderVersion {
  version: string;
  openapiSchema: unknown;
}

export type VersionsAnswer =
  | { ok: true; latest: ProviderVersion | null; versions: ProviderVersion[] }
  | { ok: false; reason: 'not_public' | 'token_refused' | 'unreachable' };

/** What the provider says of its public models. */
export interface CataloguePort {
  /** The versions of "owner/name", newest first. Any account's token will do. */
  versionsOf(token: string, model: string): Promise<VersionsAnswer>;
}

declare module '~/platform/context' {
  interface Ports {
    replicateCatalogue: CataloguePort;
  }
}
