import { Pool } from 'undici';
import { freePort } from '../../scripts/postgres.mjs';
import { startApp } from '../lib/app';
import { newDatabase, startServer, type BenchPostgres } from '../lib/processes';

/** Pays an open session as a person would on the hosted page. */
export async function payAt(stripeUrl: string, session: string): Promise<{ success_url: string }> {
  const paid = await fetch(`${stripeUrl}/_sandbox/sessions/${session}/pay`, { method: 'POST' });
  const { outcome, session: done } = (await paid.json()) as { outcome?: string; session?: { success_url: string } };
  if (outcome !== 'paid' || !done) throw new Error(`The payment of ${session} was answered ${paid.status}.`);
  return done;
}

export interface Bare {
  pids: number[];
  purchase(): Promise<void>;
  stop(): Promise<void>;
}

/** The limit, with its own database and sandbox, so that it disturbs nothing that is counted. */
export async function startBare(server: BenchPostgres, callers: number): Promise<Bare> {
  const url = await newDatabase(server, 'bare');
  const port = await freePort();
  const sandbox = await startApp(url, ['stripe-sandbox'], { STRIPE_SANDBOX_WEBHOOK_URL: `http://127.0.0.1:${port}/webhook` });
  const settings = { DATABASE_URL: url, STRIPE_URL: sandbox.stripeUrl, STRIPE_KEY: sandbox.env.STRIPE_SECRET_KEY ?? '' };
  const bare = await startServer('bare-purchase', { ...settings, PORT: String(port) });
  const browser = new Pool(bare.origin, { connections: callers });
  const ask = async (method: 'GET' | 'POST', path: string) => {
    const answer = await browser.request({ method, path });
    const text = await answer.body.text();
    if (answer.statusCode >= 400) throw new Error(`${path} was answered ${answer.statusCode}: ${text}`);
    return String(answer.headers.location ?? '');
  };
  return {
    pids: [bare.pid, sandbox.findPid('stripe-sandbox')],
    purchase: async () => {
      const session = /cs_\w+/.exec(await ask('POST', '/buy'))?.[0];
      if (session === undefined) throw new Error('No page to pay on was answered.');
      await payAt(sandbox.stripeUrl, session);
      await ask('GET', `/back/${session}`);
    },
    stop: async () => {
      await browser.close();
      await bare.stop();
      await sandbox.stop();
    },
  };
}
