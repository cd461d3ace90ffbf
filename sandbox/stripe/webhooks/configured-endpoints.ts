import { createHash } from 'node:crypto';
import type { World } from '../core/world';

export interface ConfiguredWebhook {
  url: string;
  /** The signing secret (`whsec_…`), shared with the receiver. */
  secret: string;
  /** The event types it asks for; all if missing. */
  events?: string[] | undefined;
}

const idFor = (url: string): string => `we_configured_${createHash('sha256').update(url).digest('hex').slice(0, 16)}`;

/** Registers the endpoints configured at start. Endpoints of an earlier start that are missing now are removed. */
export function registerConfiguredEndpoints(world: World, webhooks: readonly ConfiguredWebhook[]): void {
  world.perform(null, () => {
    const wanted = new Set(webhooks.map((webhook) => idFor(webhook.url)));
    for (const { id } of [...world.tables.webhookEndpoint.oldestFirst()]) {
      if (id.startsWith('we_configured_') && !wanted.has(id)) world.remove('webhookEndpoint', id);
    }
    for (const { url, secret, events } of webhooks) {
      const id = idFor(url);
      const created = world.tables.webhookEndpoint.get(id)?.created ?? world.clock.seconds();
      const enabledEvents = events ?? ['*'];
      world.put('webhookEndpoint', { id, created, url, secret, enabledEvents, apiVersion: null, description: null, metadata: {} });
    }
  });
}
