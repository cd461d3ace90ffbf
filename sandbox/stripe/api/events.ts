import type { SandboxEvent } from '../core/records';
import type { World } from '../core/world';
import { endpoint, noParameters } from '../http/endpoint';
import { isWithin, listPage, readCreated, readPage } from '../http/list-page';
import { missing } from '../http/problem';

const undelivered = (world: World): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const delivery of world.tables.delivery.oldestFirst()) {
    if (delivery.status !== 'delivered') counts.set(delivery.eventId, (counts.get(delivery.eventId) ?? 0) + 1);
  }
  return counts;
};

const withPending = (event: SandboxEvent, counts: Map<string, number>): SandboxEvent => ({
  ...event,
  pending_webhooks: counts.get(event.id) ?? 0,
});

const retrieve = endpoint({
  operation: 'events.retrieve',
  method: 'GET',
  path: '/v1/events/:id',
  read: noParameters,
  run({ world, id }) {
    const event = world.tables.event.get(id);
    if (event === undefined) throw missing('event', id);
    return withPending(event, undelivered(world));
  },
});

const list = endpoint({
  operation: 'events.list',
  method: 'GET',
  path: '/v1/events',
  read: (parameters) => ({
    page: readPage(parameters),
    created: readCreated(parameters),
    deliverySuccess: parameters.flag('delivery_success'),
    type: parameters.text('type'),
    types: parameters.texts('types'),
  }),
  run({ world, input }) {
    const counts = undelivered(world);
    const rows = world.tables.event
      .newestFirst()
      .filter((event) => isWithin(input.created, event.created))
      .filter((event) => input.type === undefined || matches(input.type, event.type))
      .filter((event) => input.types.length === 0 || input.types.some((type) => matches(type, event.type)))
      .filter((event) => input.deliverySuccess === undefined || input.deliverySuccess === !counts.has(event.id));
    const page = listPage(rows, input.page, '/v1/events');
    return { ...page, data: page.data.map((event) => withPending(event, counts)) };
  },
});

/** `charge.*` stands for a whole family. */
const matches = (wanted: string, type: string): boolean =>
  wanted === '*' || (wanted.endsWith('.*') ? type.startsWith(wanted.slice(0, -1)) : wanted === type);

export const eventEndpoints = [retrieve, list];
