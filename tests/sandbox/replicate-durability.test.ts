import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startReplicateSandbox } from '~sandbox/replicate/index';
import { aBench, aWebhookReceiver, clientFor, readCredit, ended, FLUX, SDXL, until } from './replicate-harness';

function aJournalPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'replicate-sandbox-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'replicate', 'journal.jsonl');
}

describe('a restart', () => {
  it('keeps accounts, tokens, credit, clock and predictions, finishes running predictions and sends pending webhooks', async () => {
    const journalPath = aJournalPath();
    const bench = await aBench('100', { journalPath, startAt: new Date('2026-03-01T00:00:00Z') });
    const { url, received } = await aWebhookReceiver();
    const done = await bench.client.predictions.create({ model: FLUX, input: { prompt: 'done' }, wait: true });
    bench.sandbox.control.addBehaviour({ kind: 'succeed', predictSeconds: 2, delayMs: 600 });
    const inFlight = await bench.client.predictions.create({ model: SDXL, input: {}, webhook: url, webhook_events_filter: ['completed'] });
    await bench.sandbox.close();
    appendFileSync(journalPath, '{"kind":"credit_added","userna');

    const again = await startReplicateSandbox({ port: 0, journalPath });
    onTestFinished(() => again.close());
    const after = { ...bench, sandbox: again, client: clientFor(again, bench.token) };

    expect(await after.client.predictions.get(done.id)).toMatchObject({ status: 'succeeded', input: { prompt: 'done' } });
    expect(await ended(after, inFlight.id)).toMatchObject({ status: 'succeeded', metrics: { predict_time: 2 } });
    expect(readCredit(after)).toBe('99.995050000');
    expect((await until(() => received[0])).prediction.id).toBe(inFlight.id);
    expect((again.control.state() as { now: string }).now).toMatch(/^2026-03-01T00:00/);
    again.control.addCredit('acme', { usd: '1' });
  });
});

describe('the process', () => {
  const start = (env: Record<string, string>): ChildProcess =>
    fork('sandbox/replicate/main.ts', {
      execArgv: ['--import', 'tsx'],
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });

  it('prints one line, answers health checks, and ends with its parent', async () => {
    const child = start({ REPLICATE_SANDBOX_PORT: '0' });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line.toString())?.[0] ?? '';
    expect(await (await fetch(`${url}/_sandbox/health`)).json()).toEqual({ ok: true });

    const gone = once(child, 'exit');
    child.disconnect();

    expect(await gone).toEqual([0, null]);
  });

  it('exits with 1 and one sentence if its port is taken', async () => {
    const { sandbox } = await aBench();
    const child = start({ REPLICATE_SANDBOX_PORT: String(sandbox.port) });
    const [sentence] = (await once(child.stderr ?? child, 'data')) as [Buffer];
    expect(sentence.toString()).toBe(`Port ${sandbox.port} is taken: stop what uses it, or set REPLICATE_SANDBOX_PORT to another one.\n`);
    if (child.exitCode === null) await once(child, 'exit');
    expect(child.exitCode).toBe(1);
  });
});
