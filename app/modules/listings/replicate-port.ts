/** An account at Replicate, as `GET /v1/account` describes it. */
export interface ReplicateAccount {
  type: 'user' | 'organization';
  username: string;
  name: string;
  githubUrl: string | null;
}

export type AccountAnswer = { ok: true; account: ReplicateAccount } | { ok: false; reason: 'invalid_token' | 'no_credit' | 'unreachable' };

/** What listings ask of Replicate. A token goes in and never comes back. */
export interface ReplicatePort {
  /** Whose token this is. Never throws for what Replicate answers; `unreachable` covers time-outs and failures on its side. */
  getAccount(token: string): Promise<AccountAnswer>;
}

declare module '~/platform/context' {
  interface Ports {
    replicate: ReplicatePort;
  }
}
