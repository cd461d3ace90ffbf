import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Control } from './control/control';
import { serverFor } from './http/server';
import { Sandbox } from './sandbox';

export type { AccountView, Control, PredictionView } from './control/control';

export interface ReplicateSandboxOptions {
  /** 0 takes any free port. */
  port: number;
  /** The journal file; without it a restart loses everything. */
  journalPath?: string;
  /** The start of sandbox time; by default the journal's last time, else the machine's. */
  startAt?: Date;
}

export interface ReplicateSandbox {
  /** The origin without a path; the official client's `baseUrl` is `url + '/v1'`. */
  url: string;
  port: number;
  control: Control;
  /** Stops the server. Running predictions continue when a sandbox starts on the same journal. */
  close(): Promise<void>;
}

/** Starts a server on 127.0.0.1 that behaves like Replicate. Rejects if the port is taken (EADDRINUSE) or the journal is damaged. */
export async function startReplicateSandbox(options: ReplicateSandboxOptions): Promise<ReplicateSandbox> {
  const sandbox = new Sandbox(options.journalPath);
  const control = new Control(sandbox);
  const server = serverFor(sandbox, control);
  try {
    server.listen(options.port, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    sandbox.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  sandbox.baseUrl = `http://127.0.0.1:${port}`;
  if (options.startAt) sandbox.world.moveClockTo(options.startAt.getTime());
  sandbox.resume();

  let closing: Promise<void> | undefined;
  return { url: sandbox.baseUrl, port, control, close: () => (closing ??= stop(server, sandbox)) };
}

async function stop(server: Server, sandbox: Sandbox): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
  sandbox.close();
}
