import { addSellerBurn } from '~/modules/accounts/index.server';
import { mintAccessKey, type AccessKey } from '~/modules/metering/index.server';
import { atomic } from '~/platform/context';
import { usdNano } from '~/platform/money';
import type { Services } from '~/services.server';
import { prepareMarket } from '~/workflows/listing/prepare-market.server';
import { anAdmin, aUser, type UserActor } from '~tests/factories/users';

export interface Person {
  name: string;
  actor: UserActor;
}

export interface Buyer extends Person {
  key: string;
  keyId: AccessKey['id'];
}

export interface People {
  sellers: Person[];
  buyers: Buyer[];
  admins: Person[];
}

/** The people of a run. The first seller is seasoned, the others are new; the third buyer also sells. */
export async function settleIn(services: Services): Promise<People> {
  const visitor = services.ctxFor({ kind: 'visitor' });
  const system = services.ctxFor({ kind: 'system', name: 'simulator' });
  await prepareMarket(system);
  const person = async (name: string): Promise<Person> => ({ name, actor: (await aUser(visitor, { name })).actor });
  const sellers = [await person('Sara'), await person('Stan')];
  const buyers: Buyer[] = [];
  for (const name of ['Bea', 'Ben', 'Bo']) {
    const { actor } = await person(name);
    const { id, text } = await mintAccessKey(services.ctxFor(actor), { name: 'simulator' });
    buyers.push({ name, actor, keyId: id, key: text ?? '' });
  }
  const [seasoned] = sellers;
  if (seasoned) await atomic(system, (tx) => addSellerBurn(tx, seasoned.actor.userId, usdNano(500)));
  const both = buyers[2];
  const { actor } = await anAdmin(visitor, { name: 'Ann' });
  return { sellers: both ? [...sellers, both] : sellers, buyers, admins: [{ name: 'Ann', actor }] };
}
