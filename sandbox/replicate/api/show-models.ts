import { ok, type Reply } from '../http/reply';
import type { Model } from '../models/definition';
import { renderOpenapiSchema } from '../models/openapi-schema';
import { HARDWARE_USD_PER_SECOND } from '../models/price';
import type { Sandbox } from '../sandbox';
import type { AccountRecord } from '../world/records';
import { notFound } from './problems';

const PUBLISHED_AT = '2026-01-15T09:00:00.000Z';

export function listModels({ catalogue, baseUrl }: Sandbox): Reply {
  return ok({ next: null, previous: null, results: catalogue.publicModels().map((model) => renderModel(model, baseUrl)) });
}

export function showModel({ catalogue, baseUrl }: Sandbox, { username }: AccountRecord, name: string): Reply {
  const model = catalogue.named(name, username);
  return model ? ok(renderModel(model, baseUrl)) : notFound();
}

export function listVersions({ catalogue }: Sandbox, { username }: AccountRecord, name: string): Reply {
  const model = catalogue.named(name, username);
  return model ? ok({ next: null, previous: null, results: [renderVersion(model)] }) : notFound();
}

export function showVersion({ catalogue }: Sandbox, { username }: AccountRecord, name: string, version: string): Reply {
  const model = catalogue.named(name, username);
  return model?.version === version ? ok(renderVersion(model)) : notFound();
}

export function listHardware(): Reply {
  return ok(Object.keys(HARDWARE_USD_PER_SECOND).map((sku) => ({ sku, name: sku })));
}

function renderModel(model: Model, baseUrl: string): object {
  const [owner, name] = model.name.split('/');
  return {
    url: `https://replicate.com/${model.name}`,
    owner,
    name,
    description: model.description,
    visibility: model.visibility,
    is_official: model.official,
    github_url: null,
    paper_url: null,
    license_url: null,
    run_count: 1_000,
    cover_image_url: null,
    default_example: renderExample(model, baseUrl),
    latest_version: renderVersion(model),
  };
}

/** A public example run by the model's maker. */
function renderExample(model: Model, baseUrl: string): object {
  const id = `example${model.version.slice(0, 19)}`;
  return {
    id,
    model: model.name,
    version: model.version,
    input: {},
    output: null,
    logs: '',
    error: null,
    status: 'succeeded',
    source: 'web',
    created_at: PUBLISHED_AT,
    started_at: PUBLISHED_AT,
    completed_at: PUBLISHED_AT,
    metrics: { predict_time: model.typicalSeconds },
    urls: {
      get: `${baseUrl}/v1/predictions/${id}`,
      cancel: `${baseUrl}/v1/predictions/${id}/cancel`,
      web: `https://replicate.com/p/${id}`,
    },
  };
}

function renderVersion(model: Model): object {
  return { id: model.version, created_at: PUBLISHED_AT, cog_version: '0.16.2', openapi_schema: renderOpenapiSchema(model) };
}
