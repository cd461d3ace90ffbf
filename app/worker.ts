import { EnvError, readEnv } from '~/platform/env';
import { createLogger } from '~/platform/logger';
import { createServices } from '~/services.server';
import { prepareMarket } from '~/workflows/prepare-market.server';
import { stopOnSignal, tellParent } from '~/web/parent';
import { startWorker } from '~/worker-pool';

/** The job process of a larger installation: no HTTP, no pages. */
async function main(): Promise<void> {
  const env = readEnv(process.env);
  const services = await createServices(env, { crashAt: env.crashAt });
  await prepareMarket(services.ctxFor({ kind: 'system', name: 'start' }));
  const worker = await startWorker(services);
  stopOnSignal(async () => {
    await worker.stop();
    await services.close();
  });
  tellParent({ type: 'ready' });
}

main().catch((error: unknown) => {
  if (error instanceof EnvError) process.stderr.write(`${error.message}\n`);
  else createLogger('fatal', 'worker').fatal({ err: error }, 'the worker could not start');
  process.exit(1);
});
