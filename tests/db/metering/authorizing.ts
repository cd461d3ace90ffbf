import { beforeAll } from 'vitest';
import type { Authorization } from '~/modules/metering/index.server';
import { importPriceBook, findPrice } from '~/modules/pricing/index.server';
import { addMs } from '~/platform/dates';
import type { Id } from '~/platform/ids';
import { getUserId, type Wallet } from '~tests/factories/runs';
import type { TestMarket } from '~tests/setup/market';

const MODEL = 'black-forest-labs/flux-schnell';

/** What the gateway requests before a run of the cheapest model. Call it at the top level of a test file. */
export function authorizing(market: TestMarket): (wallet: Wallet, nano: bigint, over?: Partial<Authorization>) => Authorization {
  let priceId: Id<'price'>;
  beforeAll(async () => {
    await importPriceBook(market.system());
    priceId = (await findPrice(market.system(), MODEL))?.id ?? 'prc_0';
  });
  return (wallet, nano, over = {}) => {
    const inAMinute = addMs(market.system().now, 60_000);
    return {
      buyerId: getUserId(wallet.buyer),
      accessKeyId: wallet.keyId as Id<'accessKey'>,
      model: MODEL,
      version: 'f'.repeat(64),
      priceId,
      priceFacts: {},
      maxNano: nano,
      minNano: nano,
      bodyHash: 'x',
      idempotencyKey: null,
      exceptGrants: [],
      deadlineAt: inAMinute,
      nextCheckAt: inAMinute,
      ...over,
    };
  };
}
