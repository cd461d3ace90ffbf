import { connect } from 'node:net';

export interface RawAnswer {
  /** 0 when the connection was closed without an answer. */
  status: number;
  head: string;
  body: string;
}

/**
 * Sends exactly these bytes, which no client library would, on a new connection. Reads until it is closed (by `Connection: close`) or
 * until nothing has come for a while.
 */
export function raw(port: number, bytes: string | Buffer, quietMs = 2_000): Promise<RawAnswer> {
  return new Promise((done, fail) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes));
    const end = () => {
      socket.destroy();
      done(readAnswer(text));
    };
    socket.setTimeout(quietMs, end);
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('close', end);
    // A server that refuses may close while we still send.
    socket.on('error', (error: NodeJS.ErrnoException) => (['EPIPE', 'ECONNRESET'].includes(error.code ?? '') ? end() : fail(error)));
  });
}

function readAnswer(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  return { status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0), head, body: rest.join('\r\n\r\n') };
}

/** A raw request: its head's lines, then its body. */
export function request(lines: string[], body = ''): string {
  return `${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`;
}
