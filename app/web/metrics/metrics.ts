import type { Server } from 'node:http';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { Services } from '~/services.server';
import { databaseGauges } from './metrics-database';
import { countAnswers } from './metrics-requests';
import type { CacheOutcomes } from '~/web/cache/response-cache';
import type { PatternFinder } from '~/web/route-patterns';

export interface Metrics {
  /** Counts what a server of this process answers. */
  watch(server: Server, findPattern: PatternFinder): void;
  /** Shows how often the memory of pages answered. */
  show(outcomes: CacheOutcomes): void;
  /** All of it in Prometheus' text. Never fails for the database's sake. */
  text(): Promise<string>;
  contentType: string;
}

/** What this process tells of itself, of its requests and of the database. No label holds an id, an address or a raw path. */
export function createMetrics(services: Services): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ role: services.env.role });
  collectDefaultMetrics({ register: registry });
  const started = new Gauge({ name: 'credit_mart_started_seconds', help: 'When this process started', registers: [registry] });
  started.setToCurrentTime();
  const readDatabase = databaseGauges(services, registry);
  return {
    watch: (server, findPattern) => countAnswers(server, registry, findPattern),
    show: (outcomes) => showOutcomes(outcomes, registry),
    text: async () => {
      await readDatabase();
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}

/** Read when they are asked for: a hit is too cheap to pay for a counter with labels. */
function showOutcomes(outcomes: CacheOutcomes, registry: Registry): void {
  new Counter({
    name: 'credit_mart_page_memory_total',
    help: 'Requests by what the memory of pages did for them',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [outcome, count] of Object.entries(outcomes)) this.inc({ outcome }, Number(count));
    },
  });
}
