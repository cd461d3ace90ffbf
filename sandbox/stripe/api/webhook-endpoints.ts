import type Stripe from 'stripe';
import type { StoredEndpoint } from '../core/records';
import { endpoint, noParameters } from '../http/endpoint';
import { listPage, readPage } from '../http/list-page';
import type { Parameters } from '../http/parameters';
import { missing } from '../http/problem';
import type { World } from '../core/world';

const present = (stored: StoredEndpoint, secret?: string): Stripe.WebhookEndpoint => ({
  id: stored.id,
  object: 'webhook_endpoint',
  api_version: stored.apiVersion,
  application: null,
  created: stored.created,
  description: stored.description,
  enabled_events: stored.enabledEvents,
  livemode: false,
  metadata: stored.metadata,
  ...(secret !== undefined && { secret }),
  status: 'enabled',
  url: stored.url,
});

const find = (world: World, id: string): StoredEndpoint => {
  const stored = world.tables.webhookEndpoint.get(id);
  if (stored === undefined) throw missing('webhook endpoint', id, 'webhook_endpoint');
  return stored;
};

function readEndpoint(parameters: Parameters) {
  parameters.unsupported('connect');
  const enabledEvents = parameters.texts('enabled_events');
  if (enabledEvents.length === 0) parameters.missing('enabled_events');
  return {
    url: parameters.url('url') ?? parameters.missing('url'),
    enabledEvents,
    apiVersion: parameters.text('api_version') ?? null,
    description: parameters.text('description', { max: 5000 }) ?? null,
    metadata: parameters.metadata('metadata'),
  };
}

const create = endpoint({
  operation: 'webhookEndpoints.create',
  method: 'POST',
  path: '/v1/webhook_endpoints',
  read: readEndpoint,
  run({ world, input }) {
    const secret = world.ids.next('whsec', 32);
    const stored = world.put('webhookEndpoint', { id: world.ids.next('we'), created: world.clock.seconds(), secret, ...input });
    return present(stored, secret);
  },
});

const retrieve = endpoint({
  operation: 'webhookEndpoints.retrieve',
  method: 'GET',
  path: '/v1/webhook_endpoints/:id',
  read: noParameters,
  run: ({ world, id }) => present(find(world, id)),
});

const list = endpoint({
  operation: 'webhookEndpoints.list',
  method: 'GET',
  path: '/v1/webhook_endpoints',
  read: readPage,
  run({ world, input }) {
    const rows = world.tables.webhookEndpoint.newestFirst().map((stored) => present(stored));
    return listPage(rows, input, '/v1/webhook_endpoints');
  },
});

const remove = endpoint({
  operation: 'webhookEndpoints.del',
  method: 'DELETE',
  path: '/v1/webhook_endpoints/:id',
  read: noParameters,
  run({ world, id }): Stripe.DeletedWebhookEndpoint {
    world.remove('webhookEndpoint', find(world, id).id);
    return { id, object: 'webhook_endpoint', deleted: true };
  },
});

export const webhookEndpointEndpoints = [create, retrieve, list, remove];
