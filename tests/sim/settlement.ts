import { addDays } from '~/platform/dates';
import type { ListingId } from '~/platform/ids';
import { usdNano } from '~/platform/money';
import { readEnv } from '~/platform/env';
import { createServices, type Services } from '~/services.server';
import { decideListing } from '~/workflows/listing/decide-listing.server';
import { submitListing } from '~/workflows/listing/submit-listing.server';
import { startReplicateSandbox, type ReplicateSandbox } from '~sandbox/replicate';
import { cloneTemplate, type Cluster } from '~tests/setup/clone';
import { settleIn, type People } from './people';
import { SECRETS, START } from './secrets';
import type { Lot } from './sim';

/** A database with all people signed up and the first lots on sale or in review. Each run gets a copy. */
export interface Settlement {
  cluster: Cluster;
  people(): People;
  /** Opens the accounts behind the first lots in a run's Replicate sandbox. */
  firstLots(people: People, replicate: ReplicateSandbox): Lot[];
  drop(): Promise<void>;
}

const firstLots = [
  { username: 'first', seller: 'Sara', usd: 300, discountBps: 5_000, days: 45, onSale: true },
  { username: 'second', seller: 'Stan', usd: 60, discountBps: 4_000, days: 6, onSale: true },
  { username: 'third', seller: 'Bo', usd: 120, discountBps: 6_000, days: 100, onSale: true },
  { username: 'fourth', seller: 'Sara', usd: 200, discountBps: 5_500, days: 30, onSale: false },
  { username: 'fifth', seller: 'Sara', usd: 100, discountBps: 4_500, days: 20, onSale: false },
] as const;
const makeToken = (username: string) => `r8_${username.padEnd(37, '0')}`;

export async function openSettlement(cluster: Cluster): Promise<Settlement> {
  const database = await cloneTemplate(cluster);
  const replicate = await startReplicateSandbox({ port: 0, startAt: START });
  const env = { APP_MODE: 'test', DATABASE_URL: database.url, REPLICATE_API_URL: replicate.url, STRIPE_API_URL: 'http://127.0.0.1:9' };
  const services = await createServices(readEnv({ ...env, ...SECRETS, LOG_LEVEL: 'silent' }), { clock: { now: () => START } });
  const settled = await settleIn(services);
  openAccounts(replicate);
  const listed: ((typeof firstLots)[number] & { listingId: ListingId })[] = [];
  for (const lot of firstLots) listed.push({ ...lot, listingId: await bringToMarket(services, settled, lot) });
  await services.close();
  await replicate.close();
  return {
    cluster: { ...cluster, template: database.name },
    people: () => copyPeople(settled),
    firstLots: (people, sandbox) => {
      openAccounts(sandbox);
      return listed.map(({ seller, username, listingId }, index) => ({
        name: `lot ${index + 1}`,
        listingId,
        username,
        seller: sellerNamed(people, seller),
      }));
    },
    drop: () => database.drop(),
  };
}

function openAccounts({ control }: ReplicateSandbox): void {
  for (const { username, usd } of firstLots) control.createAccount({ username, creditUsd: String(usd + 20), token: makeToken(username) });
}

async function bringToMarket(
  services: Services,
  people: People,
  { seller, username, usd, discountBps, days, onSale }: (typeof firstLots)[number],
) {
  const creditExpiresAt = new Date(`${addDays(START, days).toISOString().slice(0, 10)}T00:00:00.000Z`);
  const terms = { faceNano: usdNano(usd + 20), discountBps, creditExpiresAt, minNano: usdNano(10) };
  const listing = await submitListing(services.ctxFor(sellerNamed(people, seller).actor), { terms, token: makeToken(username) });
  const [admin] = people.admins;
  if (admin && onSale) await decideListing(services.ctxFor(admin.actor), listing.id, { intent: 'approve' });
  return listing.id;
}

function sellerNamed({ sellers }: People, name: string) {
  const found = sellers.find((seller) => seller.name === name);
  if (!found) throw new Error(`${name} is no seller.`);
  return found;
}

/** Each run needs its own copy, since it replaces access keys. */
function copyPeople({ sellers, buyers, admins }: People): People {
  const mine = buyers.map((buyer) => ({ ...buyer }));
  return { buyers: mine, admins, sellers: sellers.map((seller) => mine.find(({ name }) => name === seller.name) ?? seller) };
}
