import type { ServerResponse } from 'node:http';
import { notFound } from '../api/problems';
import { dataRemoved } from '../api/render-prediction';
import type { Outcome } from '../http/reply';
import type { Sandbox } from '../sandbox';
import { outputFile } from './output-file';

/** GET /files/{prediction}/{n}.{extension}: an output file, readable by whoever knows its address until the data is removed. */
export function answerFile(sandbox: Sandbox, response: ServerResponse, path: string): Outcome {
  const [, id = '', index = '', extension = ''] = /^\/files\/([a-z0-9]+)\/(\d+)\.(\w+)$/.exec(path) ?? [];
  const prediction = sandbox.world.predictions.get(id);
  const output = prediction?.plan.output;
  if (!prediction?.outputReady || output?.kind !== 'files' || output.extension !== extension) return notFound();
  if (Number(index) >= output.count || dataRemoved(prediction, sandbox.world.now())) return notFound();
  const { contentType, bytes } = outputFile(`${id}/${index}`, output.extension);
  response.writeHead(200, { 'content-type': contentType, 'content-length': bytes.length });
  response.end(bytes);
  return 'answered';
}
