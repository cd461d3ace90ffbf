import type { Server } from 'node:http';
import type { Logger } from 'pino';
import { checkConnection, UnfitDatabase } from '~db/connection-check.server';
import { createServices } from '~/services.server';
import { prepareMarket } from '~/workflows/listing/prepare-market.server';
import { EnvError, readEnv, type Env } from '~/platform/env';
import { createLogger } from '~/platform/logger';
import { httpServer } from '~/web/http-server';
import { createMetrics } from '~/web/metrics/metrics';
import { serveMetrics } from '~/web/metrics/metrics-server';
import { orderlyStop } from '~/web/orderly-stop';
import { ResponseCache } from '~/web/cache/response-cache';
import type { PageSource } from '~/web/page-source';
import { stopOnSignal, tellParent } from '~/web/parent';
import { createReadiness } from '~/web/readiness';
import { logAnswers } from '~/web/middleware/request-log';
import { pagePatterns, createPatternFinder } from '~/web/route-patterns';
import { webApp, withFastPaths } from '~/web/web-app';
import { startWorker, type Worker } from '~/worker-pool';

/** The HTTP process: pages, gateway or both, by its role. With ROLE=all it also runs the jobs. */
async function serve(source: PageSource): Promise<void> {
  const env = readEnv(process.env);
  await checkConnection(env.databaseUrl, env);
  const services = await createServices(env, { crashAt: env.crashAt });
  await prepareMarket(services.ctxFor({ kind: 'system', name: 'start' }));
  const { log } = services;
  const stop = new AbortController();
  let worker: Worker | null = null;
  const readiness = createReadiness(
    services,
    () => stop.signal.aborted,
    () => worker?.takesJobs() ?? null,
  );
  const cache = new ResponseCache(services);
  const app = await webApp(services, readiness, cache, stop.signal, source);
  const server = httpServer(withFastPaths(app, services, cache));
  source.development?.attach(server);
  const { close } = orderlyStop(server);
  logAnswers(server, log);
  const metrics = createMetrics(services);
  metrics.watch(server, createPatternFinder(env.role === 'gateway' ? [] : pagePatterns((await source.load()).routes)));
  if (env.role !== 'gateway') metrics.show(cache.outcomes);
  const metricsServer = await serveMetrics(services, metrics, readiness);
  await listen(server, env);
  worker = env.role === 'all' ? await startWorker(services) : null;
  stopOnSignal(async () => {
    const closed = close();
    stop.abort();
    await Promise.all([source.development?.close(), closed, worker?.stop()]);
    metricsServer?.close();
    await services.close();
  });
  log.info({ url: env.publicUrl, port: env.port, role: env.role }, 'serving');
  tellParent({ type: 'ready' });
}

function listen(server: Server, env: Env): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(env.port, env.host, done);
  });
}

/** A sentence for what an operator can fix. Anything else is a bug and is logged with its stack. */
function explain(error: unknown, log: Logger): string {
  if (error instanceof EnvError || error instanceof UnfitDatabase) return error.message;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    const port = 'port' in error && typeof error.port === 'number' ? error.port : 0;
    const name = String(port) === process.env.METRICS_PORT ? 'METRICS_PORT' : 'PORT';
    return `Port ${port} is taken by another program: end it, or set ${name} to a free one.`;
  }
  log.fatal({ err: error }, 'the web process could not start');
  return 'The web process could not start: its log says why.';
}

/** Serves until a signal. A failed start ends the process with one sentence. */
export function runWebProcess(source: PageSource): void {
  serve(source).catch((error: unknown) => {
    const sentence = explain(error, createLogger('fatal', 'web'));
    process.stderr.write(`${sentence}\n`);
    tellParent({ type: 'failed', sentence });
    process.exit(1);
  });
}
