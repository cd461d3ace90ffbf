import type { IncomingMessage } from 'node:http';

const MOST_BYTES = 1024 * 1024;

export class BodyTooLarge extends Error {
  constructor() {
    super('The request body is larger than one megabyte.');
  }
}

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
