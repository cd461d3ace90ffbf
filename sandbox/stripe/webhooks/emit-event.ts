import { API_VERSION } from '../core/api-version';
import type { SandboxEvent, SandboxEventType, StoredEndpoint } from '../core/records';
import type { World } from '../core/world';

export const wants = (endpoint: StoredEndpoint, type: SandboxEventType): boolean =>
  endpoint.enabledEvents.includes('*') || endpoint.enabledEvents.includes(type);

/** Records an event with a snapshot of its object, and queues one delivery for each subscribed endpoint. */
export function emitEvent(
  world: World,
  type: SandboxEventType,
  object: { object: string; id: string },
  previousAttributes?: Record<string, unknown>,
): SandboxEvent {
  const endpoints = world.tables.webhookEndpoint.oldestFirst().filter((endpoint) => wants(endpoint, type));
  const event = world.put('event', {
    id: world.ids.next('evt'),
    object: 'event',
    api_version: API_VERSION,
    created: world.clock.seconds(),
    data: { object, ...(previousAttributes !== undefined && { previous_attributes: previousAttributes }) },
    livemode: false,
    pending_webhooks: endpoints.length,
    request: { id: world.stamp?.id ?? null, idempotency_key: world.stamp?.idempotencyKey ?? null },
    type,
  });
  for (const endpoint of endpoints) queueDelivery(world, event, endpoint);
  return event;
}

export function queueDelivery(world: World, event: SandboxEvent, endpoint: StoredEndpoint) {
  return world.put('delivery', {
    id: world.ids.next('dlv'),
    created: world.clock.seconds(),
    eventId: event.id,
    eventType: event.type,
    endpointId: endpoint.id,
    url: endpoint.url,
    status: 'pending',
    attempts: [],
  });
}
