import { checkConnection, UnfitDatabase } from '~db/connection-check.server';
import { EnvError, readEnv } from '~/platform/env';
import { createLogger } from '~/platform/logger';
import { createServices } from '~/services.server';
import { prepareMarket } from '~/workflows/listing/prepare-market.server';
import { createMetrics } from '~/web/metrics/metrics';
import { serveMetrics } from '~/web/metrics/metrics-server';
import { createReadiness } from '~/web/readiness';
import { stopOnSignal, tellParent } from '~/web/parent';
import { startWorker, type Worker } from '~/worker-pool';

/** The job process of a larger installation: no pages, and no HTTP but its metrics. */
async function main(): Promise<void> {
  const env = readEnv(process.env);
  await checkConnection(env.databaseUrl, env);
  const services = await createServices(env, { crashAt: env.crashAt });
  await prepareMarket(services.ctxFor({ kind: 'system', name: 'start' }));
  let stopping = false;
  let worker: Worker | null = null;
  const metricsServer = await serveMetrics(
    services,
    createMetrics(services),
    createReadiness(
      services,
      () => stopping,
      () => worker?.takesJobs() ?? null,
    ),
  );
  worker = await startWorker(services);
  stopOnSignal(async () => {
    stopping = true;
    await worker?.stop();
    metricsServer?.close();
    await services.close();
  });
  tellParent({ type: 'ready' });
}

main().catch((error: unknown) => {
  if (error instanceof EnvError || error instanceof UnfitDatabase) process.stderr.write(`${error.message}\n`);
  else createLogger('fatal', 'worker').fatal({ err: error }, 'the worker could not start');
  process.exit(1);
});
