import { startReplicateSandbox, type ReplicateSandbox, type ReplicateSandboxOptions } from './index';

const USUAL_PORT = 3_002;

/** The sandbox as a separate process. It ends on SIGTERM, on SIGINT, and when its parent is gone. */
async function main(): Promise<void> {
  const options = readOptions(process.env);
  const sandbox = await startReplicateSandbox(options).catch((error: unknown) => fail(sentenceFor(error, options)));
  process.stdout.write(`Replicate sandbox on ${sandbox.url} (API at ${sandbox.url}/v1)\n`);
  process.once('SIGTERM', () => void stop(sandbox));
  process.once('SIGINT', () => void stop(sandbox));
  if (process.send) process.once('disconnect', () => void stop(sandbox));
}

function readOptions(env: NodeJS.ProcessEnv): ReplicateSandboxOptions {
  const port = Number(env['REPLICATE_SANDBOX_PORT'] ?? USUAL_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) fail('REPLICATE_SANDBOX_PORT must be a port number, 0 to 65535.');
  const journalPath = env['REPLICATE_SANDBOX_JOURNAL'];
  return journalPath === undefined || journalPath === '' ? { port } : { port, journalPath };
}

function sentenceFor(error: unknown, { port }: ReplicateSandboxOptions): string {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return `Port ${port} is taken: stop what uses it, or set REPLICATE_SANDBOX_PORT to another one.`;
  }
  return error instanceof Error ? error.message : String(error);
}

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

async function stop(sandbox: ReplicateSandbox): Promise<void> {
  await sandbox.close();
  process.exit(0);
}

await main();
