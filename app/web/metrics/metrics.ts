import type { Server } from 'node:http';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { Services } from '~/services.server';
import { databaseGauges } from './metrics-database';
import { countAnswers } from './metrics-requests';
import type { CacheOutcomes } from '~/web/cache/response-cache';
import type { PatternFinder } from '~/web/route-patterns';

export interface Metrics {
  /** Counts the responses of a server of this process. */
  watch(server: Server, findPattern: PatternFinder): void;
  /** Exposes the outcomes of the response cache. */
  show(outcomes: CacheOutcomes): void;
  /** All metrics in Prometheus' text format. Works without the database, too. */
  text(): Promise<string>;
  contentType: string;
}

/** Metrics of this process, its requests and the database. No label holds an id, an address or a raw path. */
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

/** Collected on scrape: incrementing a labelled counter would slow down cache hits. */
function showOutcomes(outcomes: CacheOutcomes, registry: Registry): void {
  new Counter({
    name: 'credit_mart_page_memory_total',
    help: 'Requests by outcome of the response cache',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [outcome, count] of Object.entries(outcomes)) this.inc({ outcome }, Number(count));
    },
  });
}
