import { createServer, type IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import Replicate, { type Prediction } from 'replicate';
import { onTestFinished } from 'vitest';
import { startReplicateSandbox, type ReplicateSandbox, type ReplicateSandboxOptions } from '~sandbox/replicate/index';

export const FLUX = 'black-forest-labs/flux-schnell';
export const SDXL = 'stability-ai/sdxl';
export const WHISPER = 'openai/whisper';
export const LLAMA = 'meta/meta-llama-3.1-405b-instruct';

export interface Bench {
  sandbox: ReplicateSandbox;
  token: string;
  secret: string;
  client: Replicate;
}

/** A sandbox with one account, `acme`, and the official client. Stopped when the test ends. */
export async function aBench(creditUsd = '100', options: Partial<ReplicateSandboxOptions> = {}): Promise<Bench> {
  const sandbox = await startReplicateSandbox({ port: 0, ...options });
  onTestFinished(() => sandbox.close());
  const { token, webhookSecret } = sandbox.control.createAccount({ username: 'acme', creditUsd });
  return { sandbox, token, secret: webhookSecret, client: clientFor(sandbox, token) };
}

export function clientFor(sandbox: ReplicateSandbox, token: string): Replicate {
  return new Replicate({ auth: token, baseUrl: `${sandbox.url}/v1` });
}

export function readCredit({ sandbox }: Bench): string {
  return sandbox.control.account('acme').creditUsd;
}

/** Sends a create without the client, which hides headers and errors. */
export async function post(bench: Bench, body: object, headers: Record<string, string> = {}, path = '/predictions'): Promise<Response> {
  return fetch(`${bench.sandbox.url}/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bench.token}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

export async function until<T>(read: () => T | undefined | false | Promise<T | undefined | false>, ms = 5_000): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const value = await read();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > end) throw new Error('It did not happen in time.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export function ended(bench: Bench, id: string): Promise<Prediction> {
  return until(async () => {
    const prediction = await bench.client.predictions.get(id);
    return prediction.completed_at ? prediction : undefined;
  });
}

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  prediction: Prediction;
}

/** A webhook receiver that answers with the given statuses, then with 200. */
export async function aWebhookReceiver(...statuses: number[]): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      received.push({ headers: request.headers, body, prediction: JSON.parse(body) as Prediction });
      response.writeHead(statuses.shift() ?? 200).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received };
}
