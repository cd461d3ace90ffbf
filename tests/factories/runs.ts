import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import Replicate from 'replicate';
import type { GatewayServices } from '~/gateway/gateway';
import { createOutputAddresses } from '~/gateway/output-addresses';
import { createRunHooks } from '~/gateway/run-hooks';
import { mountGateway } from '~/gateway/mount';
import { mintAccessKey, openGrant } from '~/modules/metering/index.server';
import { importPriceBook } from '~/modules/pricing/index.server';
import { seal } from '~/modules/vault/index.server';
import { atomic, type Ctx } from '~/platform/context';
import { addDays } from '~/platform/dates';
import { newId, type GrantId, type ListingId, type TransactionId, type UserId } from '~/platform/ids';
import { NANO_PER_USD } from '~/platform/money';
import type { Services } from '~/services.server';
import type { TestMarket } from '~tests/setup/market';
import { aPerson } from './market';

export interface MountedGateway {
  /** Ends in /v1, as a client's base URL does. */
  url: string;
  origin: string;
  close(): Promise<void>;
}

/** Serves the gateway alone on its own port, with webhooks that the sandbox can reach unless the options say otherwise. */
export async function serveGateway(
  market: TestMarket,
  options: { hooks?: boolean; services?: Services; publicUrl?: string } & Pick<
    GatewayServices,
    'createsPerMinute' | 'stopping' | 'monotonicMs'
  > = {},
): Promise<MountedGateway> {
  const app = express();
  const server: Server = createServer(app);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { services = market.services, hooks, publicUrl = origin, ...gateway } = options;
  const runHooks = hooks === false ? services.ports.runHooks : hooksAt(market, origin);
  const outputAddresses = createOutputAddresses(addressesAt(market, publicUrl));
  mountGateway(app, {
    // Tests move the market's clock instead of waiting.
    monotonicMs: () => services.clock.now().getTime(),
    ...gateway,
    ctxFor: (actor) => {
      const ctx = services.ctxFor(actor);
      return { ...ctx, config: { ...ctx.config, publicUrl }, ports: { ...ctx.ports, runHooks, outputAddresses } };
    },
  });
  return {
    url: `${origin}/gateway/replicate/v1`,
    origin,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

export function hooksAt(market: TestMarket, origin: string) {
  return createRunHooks(addressesAt(market, origin));
}

function addressesAt(market: TestMarket, publicUrl: string) {
  return { publicUrl, replicateApiUrl: market.replicate.url, secret: market.services.env.appSecret };
}

export function getUserId(ctx: Ctx): UserId {
  if (ctx.actor.kind !== 'user') throw new Error('This context acts for no user.');
  return ctx.actor.userId;
}

export interface Lot {
  listingId: ListingId;
  transactionId: TransactionId;
  grantId: GrantId;
  username: string;
  token: string;
}

let accounts = 0;

/** A grant of `usd` dollars on its own lot, with a Replicate account in the sandbox and its token sealed in the vault. */
export async function aGrant(
  market: TestMarket,
  buyer: Ctx,
  options: { usd: number; endsInDays?: number; creditUsd?: string },
): Promise<Lot> {
  accounts += 1;
  const username = `lot-${accounts}`;
  const { token } = market.replicate.control.createAccount({ username, creditUsd: options.creditUsd ?? '1000', createsPerMinute: 100_000 });
  const seller = await aPerson(market);
  const listingId = newId('listing', buyer.now);
  const transactionId = newId('transaction', buyer.now);
  const grantId = await atomic(market.system(), async (tx) => {
    const secretId = await seal(tx, { plaintext: token, boundTo: `listings/${listingId}` });
    const creditNano = BigInt(Math.round(options.usd * 1_000_000)) * (NANO_PER_USD / 1_000_000n);
    const endsAt = addDays(tx.now, options.endsInDays ?? 30);
    return openGrant(tx, { buyerId: getUserId(buyer), sellerId: seller.id, transactionId, listingId, secretId, creditNano, endsAt });
  });
  return { listingId, transactionId, grantId, username, token };
}

export interface Wallet {
  buyer: Ctx;
  key: string;
  keyId: string;
  lot: Lot;
}

/** A buyer with a key and one grant. */
export async function aWallet(market: TestMarket, options: { usd: number; cap?: string }): Promise<Wallet> {
  await importPriceBook(market.system());
  const buyer = (await aPerson(market)).ctx();
  const lot = await aGrant(market, buyer, options);
  const key = await mintAccessKey(buyer, { name: 'test', ...(options.cap ? { cap: options.cap } : {}) });
  return { buyer, key: key.text ?? '', keyId: key.id, lot };
}

/** The official client, with only its base URL and token set to the gateway's. */
export function officialClient(gateway: MountedGateway, key: string): Replicate {
  return new Replicate({ auth: key, baseUrl: gateway.url, useFileOutput: false });
}
