import { createHash } from 'node:crypto';
import type { World } from '../core/world';

export interface ConfiguredWebhook {
  url: string;
  /** `whsec_…`, shared with whoever receives. */
  secret: string;
}

const idFor = (url: string): string => `we_configured_${createHash('sha256').update(url).digest('hex').slice(0, 16)}`;

/** Endpoints named at start receive every event. Those of an earlier start that are not named again are forgotten. */
export function registerConfiguredEndpoints(world: World, webhooks: readonly ConfiguredWebhook[]): void {
  world.perform(null, () => {
    const wanted = new Set(webhooks.map((webhook) => idFor(webhook.url)));
    for (const { id } of [...world.tables.webhookEndpoint.oldestFirst()]) {
      if (id.startsWith('we_configured_') && !wanted.has(id)) world.remove('webhookEndpoint', id);
    }
    for (const { url, secret } of webhooks) {
      const id = idFor(url);
      const created = world.tables.webhookEndpoint.get(id)?.created ?? world.clock.seconds();
      world.put('webhookEndpoint', { id, created, url, secret, enabledEvents: ['*'], apiVersion: null, description: null, metadata: {} });
    }
  });
}
