import { sql } from 'drizzle-orm';
import { appliedMigrations, knownMigrations } from '~db/migrations.server';
import { currentPrices } from '~/modules/pricing/index.server';
import { currentPolicy } from '~/modules/policy/index.server';
import { secretsByKey } from '~/modules/vault/index.server';
import type { Ctx } from '~/platform/context';
import type { Services } from '~/services.server';

export interface Readiness {
  ready: boolean;
  /** One line for each part: its name, then `ok`, `warning: …` or `missing: …`. No secret, no address. */
  text: string;
}

type Verdict = 'ok' | { warning: string } | { missing: string };

interface Part {
  name: string;
  look(services: Services, ctx: Ctx, takesJobs: boolean | null): Promise<Verdict>;
}

const PATIENCE_MS = 3_000;

/** The first readiness check. Without a database no other check can run. */
const database: Part = {
  name: 'database',
  look: async (services) => {
    await services.db.execute(sql`select 1`);
    return 'ok';
  },
};

const parts: Part[] = [
  {
    name: 'migrations',
    look: async (services) => {
      const applied = await appliedMigrations(services.db);
      const missing = knownMigrations().filter(({ when }) => !applied.has(when));
      return missing.length === 0 ? 'ok' : { missing: `${missing.map(({ tag }) => tag).join(', ')} (run migrate)` };
    },
  },
  { name: 'rules of the market', look: async (_services, ctx) => currentPolicy(ctx).then(() => 'ok' as const) },
  {
    name: 'price book',
    look: async (_services, ctx) => ((await currentPrices(ctx)).length > 0 ? 'ok' : { missing: 'no price is loaded' }),
  },
  {
    name: 'vault keys',
    look: async (_services, ctx) => {
      const unknown = (await secretsByKey(ctx)).filter(({ keyId }) => !ctx.ports.vaultKeys.keys.has(keyId));
      return unknown.length === 0
        ? 'ok'
        : { missing: unknown.map(({ keyId, secrets }) => `key ${keyId} in VAULT_KEYS, which opens ${secrets} secrets`).join('; ') };
    },
  },
  {
    name: 'worker',
    look: async (services, _ctx, takesJobs) => {
      if (takesJobs === false) {
        const verdict = 'this process takes no jobs: its queue has ended or every job hangs';
        return services.env.role === 'worker' ? { missing: verdict } : { warning: verdict };
      }
      const [seen] = await services.db.execute(sql`select 1 from workers where seen_at > now() - interval '1 minute' limit 1`);
      return seen ? 'ok' : { warning: 'no worker has been seen for a minute: jobs wait' };
    },
  },
];

/**
 * Whether this process may receive traffic, and what is missing if not. The database is checked at each call, the rest every ten
 * seconds. `takesJobs` is the state of this process's own worker; null without one.
 */
export function createReadiness(
  services: Services,
  isStopping: () => boolean,
  takesJobs: () => boolean | null = () => null,
): () => Promise<Readiness> {
  let seen: { at: number; lines: [string, Verdict][] } | null = null;
  return async () => {
    if (isStopping()) return tell([['process', { missing: 'it is stopping' }]]);
    const ctx = services.ctxFor({ kind: 'system', name: 'readiness' });
    const look = (part: Part) => lookAt(part, services, () => part.look(services, ctx, takesJobs()));
    const first = await look(database);
    if (first !== 'ok') return tell([[database.name, first]]);
    if (seen === null || performance.now() - seen.at > 10_000 || seen.lines.some(([, verdict]) => verdict !== 'ok')) {
      const lines = await Promise.all(parts.map(async (part): Promise<[string, Verdict]> => [part.name, await look(part)]));
      seen = { at: performance.now(), lines };
    }
    return tell([[database.name, first], ...seen.lines]);
  };
}

async function lookAt(part: Part, services: Services, ask: () => Promise<Verdict>): Promise<Verdict> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Verdict>((done) => (timer = setTimeout(done, PATIENCE_MS, { missing: 'no answer in time' })));
  const look = ask().catch((error: unknown): Verdict => {
    services.log.warn({ err: error, part: part.name }, 'a part of this process is not ready');
    return { missing: 'it could not be asked; the log says why' };
  });
  return Promise.race([look, late]).finally(() => clearTimeout(timer));
}

function tell(lines: [string, Verdict][]): Readiness {
  const ready = !lines.some(([, verdict]) => verdict !== 'ok' && 'missing' in verdict);
  const words = (verdict: Verdict) =>
    verdict === 'ok' ? 'ok' : 'missing' in verdict ? `missing: ${verdict.missing}` : `warning: ${verdict.warning}`;
  const rows = lines.map(([name, verdict]) => `${name}: ${words(verdict)}`);
  return { ready, text: [ready ? 'ready' : 'not ready', ...rows, ''].join('\n') };
}
