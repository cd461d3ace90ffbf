import { Readable } from 'node:stream';
import { createReadableStreamFromReadable } from '@remix-run/node';
import { csvLine } from '~/platform/csv';

/** Streams a CSV file of any length. `rows` yields batches of lines. */
export function csvDownload(name: string, head: readonly string[], rows: AsyncIterable<readonly string[][]>): Response {
  async function* text() {
    yield csvLine(head);
    for await (const batch of rows) yield batch.map(csvLine).join('');
  }
  return new Response(createReadableStreamFromReadable(Readable.from(text(), { objectMode: false })), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${name}"`,
      'Cache-Control': 'no-store',
    },
  });
}
