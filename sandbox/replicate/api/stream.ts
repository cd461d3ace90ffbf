import type { ServerResponse } from 'node:http';
import { makeWords } from '../files/words';
import type { Outcome } from '../http/reply';
import type { Sandbox } from '../sandbox';
import { isFinal, type PredictionRecord } from '../world/records';
import { notFound } from './problems';

const LONGEST_STREAM_MS = 30 * 60_000;

/** GET /v1/streams/{id}/{key}: a prediction's text as server-sent events, then `done`. The key in the URL replaces a token. */
export async function streamOutput(sandbox: Sandbox, response: ServerResponse, id: string, key: string): Promise<Outcome> {
  const prediction = sandbox.world.predictions.get(id);
  if (prediction?.plan.output.kind !== 'text' || key !== sandbox.streamKey(prediction)) return notFound();
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.flushHeaders();
  await sandbox.predictions.settled(prediction, LONGEST_STREAM_MS);
  response.end(listEvents(prediction).join(''));
  return 'answered';
}

function listEvents(prediction: PredictionRecord): string[] {
  if (prediction.status === 'failed') return [event('error', JSON.stringify({ detail: prediction.error }), 0), event('done', '{}', 1)];
  const { output } = prediction.plan;
  const words = prediction.outputReady && output.kind === 'text' ? makeWords(output.pieces) : [];
  const pieces = words.map((piece, index) => event('output', piece, index));
  const done = prediction.status === 'succeeded' ? {} : { reason: isFinal(prediction.status) ? prediction.status : 'timeout' };
  return [...pieces, event('done', JSON.stringify(done), pieces.length)];
}

function event(name: string, text: string, index: number): string {
  return `event: ${name}\nid: ${index}\ndata: ${text}\n\n`;
}
