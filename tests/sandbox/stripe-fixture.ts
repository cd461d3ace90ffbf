import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Stripe from 'stripe';
import { afterEach, beforeEach } from 'vitest';
import { startStripeSandbox, type StripeSandbox, type StripeSandboxOptions } from '~sandbox/stripe';
import { startReceiver, type Receiver } from './stripe-receiver';

export const secretKey = 'sk_test_sandbox';
export const whsec = 'whsec_test';
const closers: (() => Promise<void> | void)[] = [];

/** Starts a sandbox on a free port; `closeAll` stops it. */
export async function start(options: Partial<StripeSandboxOptions> = {}): Promise<StripeSandbox> {
  const started = await startStripeSandbox({ port: 0, secretKey, webhookRetries: { firstWaitMs: 10, mostAttempts: 4 }, ...options });
  closers.push(() => started.close());
  return started;
}

/** The official Stripe SDK, connected to a sandbox. */
export const stripeClient = (server: StripeSandbox, key = secretKey): Stripe =>
  new Stripe(key, { host: '127.0.0.1', port: server.port, protocol: 'http', maxNetworkRetries: 0, timeout: 5_000, telemetry: false });

export async function receiver(): Promise<Receiver> {
  const started = await startReceiver();
  closers.push(() => started.close());
  return started;
}

export function temporaryJournal(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stripe-sandbox-'));
  closers.unshift(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'deep', 'journal.jsonl');
}

export async function closeAll(): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}

/** The sandbox of the current test, and an SDK connected to it. */
export let sandbox: StripeSandbox;
export let stripe: Stripe;

/** Starts a sandbox before each test and stops everything after it. */
export function freshSandbox(): void {
  beforeEach(async () => {
    sandbox = await start();
    stripe = stripeClient(sandbox);
  });
  afterEach(closeAll);
}

export const sessionParams = (overrides: Stripe.Checkout.SessionCreateParams = {}): Stripe.Checkout.SessionCreateParams => ({
  mode: 'payment',
  allowed_payment_method_types: ['card'],
  line_items: [{ quantity: 1, price_data: { currency: 'usd', unit_amount: 9_000, product_data: { name: 'Replicate credit, $100.00' } } }],
  success_url: 'https://shop.test/paid?session={CHECKOUT_SESSION_ID}',
  cancel_url: 'https://shop.test/back',
  metadata: { checkoutId: 'c1' },
  payment_intent_data: { metadata: { checkoutId: 'c1' }, transfer_group: 'c1' },
  ...overrides,
});

export const post = (url: string | null, form: Record<string, string>): Promise<Response> =>
  fetch(url ?? '', { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });

export const goodCard = { number: '4242 4242 4242 4242', expiry: '12/34', cvc: '123' };
