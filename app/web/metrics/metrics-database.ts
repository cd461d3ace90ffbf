import { sql } from 'drizzle-orm';
import { Gauge, type Registry } from 'prom-client';
import { operationsFigures, type Figure } from '~/queries/admin/operations-figures.server';
import type { Services } from '~/services.server';

const FRESH_MS = 5_000;
const PATIENCE_MS = 3_000;

/** Each figure of the database, with its label and help text. */
const FIGURES: Record<string, { label: string | null; help: string }> = {
  jobs: { label: 'state', help: 'Jobs: ready, running, later, or dead (gave up)' },
  job_oldest_ready_seconds: { label: null, help: 'How long the oldest job that could run has waited' },
  jobs_failing: { label: 'task', help: 'Jobs whose last try failed' },
  open_runs: { label: 'state', help: 'Runs that are not settled' },
  open_run_oldest_seconds: { label: 'state', help: 'Age of the oldest run that is not settled' },
  exposures_cents: { label: 'reason', help: 'What runs of the last 30 days cost that nobody pays for' },
  refunds: { label: 'state', help: 'Refunds that have not reached the card: waiting, refused by Stripe, bounced by the bank' },
  refunds_cents: { label: 'state', help: 'What they amount to' },
  refund_oldest_seconds: { label: 'state', help: 'Age of the oldest of them' },
  checkouts: { label: 'state', help: 'Payments that are open' },
  checkouts_cents: { label: 'state', help: 'What open payments ask for: reserved, not paid' },
  checkout_oldest_seconds: { label: 'state', help: 'Age of the oldest open payment' },
  held_cents: { label: 'state', help: 'Captured money that has not gone to the seller, the fee or back, by state of the purchase' },
  transactions: { label: 'state', help: 'Purchases on which money is held' },
  webhook_lag_seconds: { label: 'of', help: 'From receiving an event of Stripe to having acted on it, over the last 10 minutes' },
  webhooks_waiting: { label: null, help: 'Events of Stripe not acted on' },
  webhook_oldest_waiting_seconds: { label: null, help: 'Age of the oldest of them' },
  mail_undelivered: { label: null, help: 'Mails of the last 7 days that failed and are not sent' },
  workers: { label: null, help: 'Workers with a sign of life in the last minute' },
  invariant_broken: { label: 'rule', help: 'How many things break the rule, at most 20; -1 when it could not be checked' },
  invariant_checked_seconds: { label: 'rule', help: 'How long ago the rule was checked' },
};

/**
 * Gauges from the database, read together at most every five seconds. If the database does not answer, they are empty and
 * `credit_mart_database_up` is 0.
 */
export function databaseGauges(services: Services, registry: Registry): () => Promise<void> {
  const registers = [registry];
  const up = new Gauge({ name: 'credit_mart_database_up', help: '1 when the database answers', registers });
  const fresh = new Gauge({ name: 'credit_mart_database_figures_read', help: '1 when its figures could be read', registers });
  const gauges = new Map(
    Object.entries(FIGURES).map(([name, { label, help }]) => [
      name,
      new Gauge({ name: `credit_mart_${name}`, help, labelNames: label === null ? [] : [label], registers }),
    ]),
  );
  const show = (figures: Figure[]) => {
    gauges.forEach((gauge) => gauge.reset());
    for (const { name, label, value } of figures) {
      const key = FIGURES[name]?.label;
      if (key) gauges.get(name)?.set({ [key]: label }, value);
      else gauges.get(name)?.set(value);
    }
  };
  const read = async () => {
    const ctx = services.ctxFor({ kind: 'system', name: 'metrics' });
    const answers = await within(services.db.execute(sql`select 1`));
    const figures = answers ? await within(operationsFigures(ctx)) : null;
    up.set(answers ? 1 : 0);
    fresh.set(figures ? 1 : 0);
    show(figures ?? []);
  };
  return once(read);
}

/** Coalesces concurrent reads and reuses the result for FRESH_MS. */
function once(read: () => Promise<void>): () => Promise<void> {
  let last = -Infinity;
  let running: Promise<void> | null = null;
  return async () => {
    if (running) return running;
    if (performance.now() - last < FRESH_MS) return;
    running = read().finally(() => {
      last = performance.now();
      running = null;
    });
    return running;
  };
}

/** The result; null on an error or a time-out. */
async function within<T>(answer: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((done) => (timer = setTimeout(done, PATIENCE_MS, null)));
  return Promise.race([answer.catch(() => null), late]).finally(() => clearTimeout(timer));
}
