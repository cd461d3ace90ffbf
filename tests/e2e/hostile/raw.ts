import { connect } from 'node:net';

export interface RawAnswer {
  /** 0 when the connection was closed without a word. */
  status: number;
  head: string;
  body: string;
}

/**
 * Says exactly these bytes on a connection of its own and reads until it is closed, which is asked for by `Connection: close`, or
 * until nothing has come for a while. What no client library would send.
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
    // A server that refuses may close while we still talk.
    socket.on('error', (error: NodeJS.ErrnoException) => (['EPIPE', 'ECONNRESET'].includes(error.code ?? '') ? end() : fail(error)));
  });
}

function readAnswer(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  return { status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0), head, body: rest.join('\r\n\r\n') };
}

/** A request by hand: the lines of its head, then its body. */
export function request(lines: string[], body = ''): string {
  return `${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`;
}
