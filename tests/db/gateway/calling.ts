import { desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll } from 'vitest';
import { grants, runs } from '~db/schema';
import { hooksAt, serveGateway, getUserId, type MountedGateway, type Wallet } from '~tests/factories/runs';
import type { TestMarket } from '~tests/setup/market';
import { reconcileRuns } from '~/workflows/burning/reconcile-runs.server';

export const flux = '/models/black-forest-labs/flux-schnell/predictions';
export const prompt = { input: { prompt: 'x' } };

export interface Answer {
  status: number;
  body: Record<string, unknown>;
  headers: Headers;
}

/** A gateway for the test file with fast predictions, and the rows that its calls left. Call it at the top level. */
export function calling(market: TestMarket) {
  let gateway: MountedGateway;
  beforeAll(async () => {
    gateway = await serveGateway(market);
    market.replicate.control.tune({ predictionMs: 120 });
  });
  afterAll(() => gateway.close());
  return {
    get gateway() {
      return gateway;
    },
    post: (key: string, path: string, body: unknown, headers: Record<string, string> = {}) => postTo(gateway, key, path, body, headers),
    findGrant: async (wallet: Wallet) => {
      const [row] = await market.system().db.select().from(grants).where(eq(grants.id, wallet.lot.grantId));
      if (!row) throw new Error('no grant');
      return row;
    },
    /** Newest first. */
    listRuns: ({ buyer }: Wallet) => {
      const ofBuyer = eq(runs.buyerId, getUserId(buyer));
      return market.system().db.select().from(runs).where(ofBuyer).orderBy(desc(runs.id));
    },
    /** Runs the reconciler with this gateway's URLs, as in a real installation. */
    reconcile: () => {
      const ctx = market.system();
      return reconcileRuns({ ...ctx, ports: { ...ctx.ports, runHooks: hooksAt(market, gateway.origin) } });
    },
  };
}

/** Posts a body, as JSON unless it is already text. */
export async function postTo(
  { url }: MountedGateway,
  key: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await fetch(url + path, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown>, headers: answer.headers };
}
