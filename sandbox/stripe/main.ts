import { startStripeSandbox, type StripeSandbox } from './index';

/** The process entry: settings come from the environment, and it ends with its parent. */
const DEFAULT_PORT = 12111;

function stopWithSentence(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

function readEnvironment(env: NodeJS.ProcessEnv) {
  const port = Number(env['STRIPE_SANDBOX_PORT'] ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) stopWithSentence('STRIPE_SANDBOX_PORT must be a port number.');
  const secretKey = env['STRIPE_SANDBOX_SECRET_KEY'];
  if (secretKey === undefined || secretKey === '')
    stopWithSentence('Set STRIPE_SANDBOX_SECRET_KEY to the key the sandbox lets in, such as sk_test_….');
  const url = env['STRIPE_SANDBOX_WEBHOOK_URL'];
  const secret = env['STRIPE_SANDBOX_WEBHOOK_SECRET'];
  if (url && !secret) stopWithSentence('STRIPE_SANDBOX_WEBHOOK_URL needs STRIPE_SANDBOX_WEBHOOK_SECRET to sign with.');
  const events = env['STRIPE_SANDBOX_WEBHOOK_EVENTS']?.split(',');
  return {
    port,
    secretKey,
    journalPath: env['STRIPE_SANDBOX_JOURNAL'] || undefined,
    webhooks: url && secret ? [{ url, secret, events }] : [],
  };
}

function explain(error: unknown, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `Port ${port} is taken; set STRIPE_SANDBOX_PORT to a free one.`;
  return `The Stripe sandbox cannot start: ${error instanceof Error ? error.message : String(error)}`;
}

function closeWithParent(sandbox: StripeSandbox): void {
  let closing = false;
  const close = () => {
    if (closing) return;
    closing = true;
    void sandbox.close().finally(() => process.exit(0));
  };
  process.on('SIGTERM', close);
  process.on('SIGINT', close);
  if (process.send === undefined) return;
  process.on('disconnect', close);
  if (!process.connected) close();
}

const options = readEnvironment(process.env);
try {
  const sandbox = await startStripeSandbox(options);
  closeWithParent(sandbox);
  process.stdout.write(`Stripe sandbox listening on ${sandbox.url}\n`);
  process.send?.({ type: 'listening', url: sandbox.url, port: sandbox.port });
} catch (error) {
  stopWithSentence(explain(error, options.port));
}
