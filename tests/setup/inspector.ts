import { WebSocket } from 'undici';

interface Answer {
  id: number;
  result?: { result?: { value?: unknown } };
}

/** Inspects a process that was started with `--inspect=127.0.0.1:<port>`. */
export class Inspector {
  #asked = 0;

  private constructor(private readonly socket: WebSocket) {}

  static async of(port: number): Promise<Inspector> {
    const [target] = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as { webSocketDebuggerUrl: string }[];
    if (!target) throw new Error(`Nothing can be inspected on port ${port}.`);
    const socket = new WebSocket(target.webSocketDebuggerUrl);
    await new Promise<void>((done, fail) => {
      socket.addEventListener('open', () => done());
      socket.addEventListener('error', () => fail(new Error(`The inspector on port ${port} does not answer.`)));
    });
    return new Inspector(socket);
  }

  /** Bytes still in use after full garbage collections; a second collection frees what finalizers release. */
  async heapBytes(): Promise<number> {
    for (let time = 0; time < 3; time += 1) await this.#ask('HeapProfiler.collectGarbage');
    const { result } = await this.#ask('Runtime.evaluate', { expression: 'process.memoryUsage().heapUsed' });
    return Number(result?.result?.value);
  }

  close(): void {
    this.socket.close();
  }

  #ask(method: string, params: Record<string, unknown> = {}): Promise<Answer> {
    const id = (this.#asked += 1);
    return new Promise((done) => {
      const hear = ({ data }: { data: unknown }) => {
        const answer = JSON.parse(String(data)) as Answer;
        if (answer.id !== id) return;
        this.socket.removeEventListener('message', hear);
        done(answer);
      };
      this.socket.addEventListener('message', hear);
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }
}
