import { runs } from '~db/schema';
import { mintAccessKey } from '~/modules/metering/index.server';
import type { Cast } from './cast';
import type { CallFacts } from './machine-rows';
import type { Role } from './roles';

export interface Callers extends CallFacts {
  /** The header with a role's access key; empty for a role without one. */
  authorization(role: Role): Record<string, string>;
}

/** Makes an access key for every role and a prediction of the buyer. The suspended person's key is from before the suspension. */
export async function makeCallers(cast: Cast, url: string): Promise<Callers> {
  const mint = async (role: Exclude<Role, 'anonymous' | 'suspended'>) =>
    (await mintAccessKey(cast.people[role].ctx(), { name: 'matrix', cap: '' })).text ?? '';
  const [other, buyer, seller, admin] = await Promise.all([mint('other'), mint('buyer'), mint('seller'), mint('admin')]);
  const keys: Partial<Record<Role, string>> = { other, buyer, seller, admin, suspended: cast.suspended.key.text ?? '' };
  const made = await fetch(`${url}/gateway/replicate/v1/models/black-forest-labs/flux-schnell/predictions`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${buyer}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ input: { prompt: 'seen by its buyer only' } }),
  });
  const { id } = (await made.json()) as { id: string };
  const [run] = await cast.market.services.db.select().from(runs);
  return {
    predictionId: id,
    runId: run?.id ?? '',
    authorization: (role) => (keys[role] === undefined ? {} : { Authorization: `Bearer ${keys[role]}` }),
  };
}
