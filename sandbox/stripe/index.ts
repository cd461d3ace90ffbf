import { createControl, type SandboxControl } from './controls/control';
import { World } from './core/world';
import { Faults } from './faults/faults';
import { isLiveKey } from './http/authenticate';
import type { Exchange } from './http/exchange';
import { IdempotencyKeys } from './http/idempotency';
import { handle, listen, type House } from './http/server';
import { SessionExpiry } from './payments/session-expiry';
import { registerConfiguredEndpoints, type ConfiguredWebhook } from './webhooks/configured-endpoints';
import { Courier, usualRetries, type RetryPlan } from './webhooks/courier';

export type { PayRequest, SandboxControl } from './controls/control';
export type { Delivery, SandboxEvent, SandboxEventType } from './core/records';
export type { FaultKind, FaultRequest } from './faults/faults';
export type { Exchange } from './http/exchange';
export { testCards } from './payments/cards';

export interface StripeSandboxOptions {
  /** 0 takes any free port. */
  port: number;
  /** The only API key accepted; `sk_live_…` and `rk_live_…` are refused. */
  secretKey: string;
  /** The journal file; without it a restart loses everything. */
  journalPath?: string | undefined;
  /** Webhook endpoints, each with the event types it asks for. */
  webhooks?: ConfiguredWebhook[] | undefined;
  /** Whether open sessions expire by the sandbox's clock; true by default. */
  autoExpire?: boolean | undefined;
  /** The start of the clock, which ticks on from there. By default the journal's last time, else real time. */
  startAt?: Date | undefined;
  /** Makes ids repeatable. A journal keeps its first seed. */
  idSeed?: string | undefined;
  webhookRetries?: RetryPlan | undefined;
  /** Called with every API request and its answer. */
  onExchange?: ((exchange: Exchange) => void) | undefined;
}

export interface StripeSandbox {
  url: string;
  port: number;
  control: SandboxControl;
  close(): Promise<void>;
}

/** Starts a server on 127.0.0.1 that behaves like Stripe. Rejects with `EADDRINUSE` when the port is taken. */
export async function startStripeSandbox(options: StripeSandboxOptions): Promise<StripeSandbox> {
  if (isLiveKey(options.secretKey)) throw new Error('The Stripe sandbox refuses live keys; give it any sk_test_… key.');
  let house: House | undefined;
  const { server, port } = await listen(options.port, (request, response) => {
    if (house !== undefined) void handle(house, request, response);
  });
  const url = `http://127.0.0.1:${port}`;
  try {
    const world = new World(options);
    const courier = openWorld(world, url, options);
    const faults = new Faults();
    let pagesAt: string | null = null;
    const control = createControl(world, faults, courier, (origin) => (pagesAt = origin));
    const expiry = options.autoExpire === false ? undefined : new SessionExpiry(world);
    const keys = new IdempotencyKeys(world);
    house = { world, keys, faults, control, secretKey: options.secretKey, origin: () => pagesAt ?? url, onExchange: options.onExchange };
    const close = async () => {
      expiry?.close();
      courier.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      world.close();
    };
    return { url, port, control, close };
  } catch (error) {
    server.close();
    throw error;
  }
}

function openWorld(world: World, url: string, options: StripeSandboxOptions): Courier {
  registerConfiguredEndpoints(world, options.webhooks ?? []);
  world.perform(null, () => {
    for (const session of world.tables.checkoutSession.oldestFirst()) {
      const here = `${url}/c/pay/${session.id}`;
      if (session.status === 'open' && session.url !== here) world.put('checkoutSession', { ...session, url: here });
    }
  });
  return new Courier(world, options.webhookRetries ?? usualRetries);
}
