import { isJsonObject, readJsonObject } from '../http/read-body';
import type { Outcome, Reply } from '../http/reply';
import { invalidFields } from '../models/check-input';
import type { Model } from '../models/definition';
import { isRefusal } from '../running/behaviours';
import { planRun } from '../running/plan';
import type { Sandbox } from '../sandbox';
import { newPredictionId } from '../world/ids';
import { WEBHOOK_EVENTS, type AccountRecord, type Json, type JsonObject, type PredictionRecord, type WebhookEvent } from '../world/records';
import { cancelAfterMs, preferredWaitMs } from './durations';
import * as problems from './problems';
import { refuse } from './refuse';
import type { ApiCall } from './routes';

/** The model to run, named in the URL or as `version` in the body. */
export type Target = { kind: 'model'; name: string } | { kind: 'version' };

/** POST /v1/predictions and POST /v1/models/{owner}/{name}/predictions. Refuses in Replicate's order: limits, credit, version, input. */
export async function createPrediction(sandbox: Sandbox, call: ApiCall, target: Target): Promise<Outcome> {
  const { account, request } = call;
  await sandbox.settings.createsHeld;
  const body = await readJsonObject(request);
  if (!body.ok) return { status: body.status, body: { detail: body.detail, status: body.status } };
  const model = resolveModel(sandbox, account, target, body.value['version']);

  const behaviour = sandbox.behaviours.peek('create', account.username, model?.name);
  if (behaviour && isRefusal(behaviour.kind)) {
    sandbox.behaviours.use(behaviour);
    return refuse(behaviour.kind);
  }
  const refusal = turnedAway(sandbox, account);
  if (refusal) return refusal;
  if (!model) return target.kind === 'model' ? problems.notFound() : problems.unknownVersion();
  const order = readOrder(body.value, request.headers, model);
  if ('status' in order) return order;

  const prediction = newPrediction(sandbox, account, model, order, behaviour);
  if (behaviour) sandbox.behaviours.use(behaviour);
  sandbox.predictions.begin(prediction);
  if (behaviour?.kind === 'accept_then_reset') return 'cut';

  const waitMs = preferredWaitMs(header(request.headers['prefer']));
  if (waitMs > 0) await sandbox.predictions.settled(prediction, waitMs);
  return {
    status: 201,
    body: sandbox.render(prediction),
    headers: { location: `${sandbox.baseUrl}/v1/predictions/${prediction.id}`, ...(waitMs > 0 ? { 'preference-applied': 'wait' } : {}) },
  };
}

function turnedAway(sandbox: Sandbox, account: AccountRecord): Reply | undefined {
  const verdict = sandbox.throttle.create(account, sandbox.world.now());
  if (!verdict.allowed) return verdict.lowCredit ? problems.throttledForLowCredit(verdict.seconds) : problems.throttled(verdict.seconds);
  return account.creditNano <= 0n ? problems.noCredit() : undefined;
}

/** `owner/name`, `owner/name:version` or `version`; undefined if there is no such model, or name and version disagree. */
function resolveModel(sandbox: Sandbox, { username }: AccountRecord, target: Target, version: Json | undefined): Model | undefined {
  const { catalogue } = sandbox;
  if (target.kind === 'model') return runnableByName(sandbox, catalogue.named(target.name, username));
  if (typeof version !== 'string') return undefined;
  if (/^[0-9a-f]{64}$/.test(version)) return catalogue.ofVersion(version, username);
  const [name = '', versionId] = version.split(':');
  const model = catalogue.named(name, username);
  if (versionId === undefined) return runnableByName(sandbox, model);
  return model?.version === versionId ? model : undefined;
}

function runnableByName({ settings }: Sandbox, model: Model | undefined): Model | undefined {
  return settings.strictVersions && model?.official === false ? undefined : model;
}

interface Order {
  input: JsonObject;
  webhook: string | null;
  webhookEvents: WebhookEvent[];
  cancelAfterMs: number | undefined;
}

function readOrder(body: JsonObject, headers: ApiCall['request']['headers'], model: Model): Order | Reply {
  const { input, webhook, webhook_events_filter: filter } = body;
  if (!isJsonObject(input)) return problems.invalidInput([{ type: 'required', field: '', description: 'input is required' }]);
  const wrong = invalidFields(model.input, input);
  if (wrong.length > 0) return problems.invalidInput(wrong);
  if (webhook !== undefined && webhook !== null && !isWebhookUrl(webhook)) return problems.unprocessable('webhook: must be an HTTPS URL');
  const events = webhookEvents(filter);
  if (!events) return problems.unprocessable(`webhook_events_filter: must be a list of ${WEBHOOK_EVENTS.join(', ')}`);
  const cancelAfter = header(headers['cancel-after']);
  const limit = cancelAfter === undefined ? undefined : cancelAfterMs(cancelAfter);
  if (cancelAfter !== undefined && limit === undefined)
    return problems.unprocessable('Cancel-After: must be between 5 seconds and 24 hours');
  return { input, webhook: typeof webhook === 'string' ? webhook : null, webhookEvents: events, cancelAfterMs: limit };
}

function newPrediction(
  sandbox: Sandbox,
  account: AccountRecord,
  model: Model,
  order: Order,
  behaviour: Parameters<typeof planRun>[2],
): PredictionRecord {
  const { world, settings } = sandbox;
  const now = world.now();
  return {
    id: newPredictionId(),
    username: account.username,
    model: model.name,
    version: model.version,
    source: 'api',
    input: order.input,
    webhook: order.webhook,
    webhookEvents: order.webhookEvents,
    createdAt: now,
    deadlineAt: order.cancelAfterMs === undefined ? null : now + order.cancelAfterMs,
    plan: planRun(model, order.input, behaviour, now, settings.predictionMsByModel.get(model.name) ?? settings.predictionMs),
    status: 'starting',
    startedAt: null,
    outputReady: false,
    completedAt: null,
    error: null,
    metrics: null,
    chargedNano: 0n,
  };
}

/** https anywhere, and plain http to this machine only, which the real API would refuse. */
function isWebhookUrl(value: Json): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
}

function webhookEvents(filter: Json | undefined): WebhookEvent[] | undefined {
  if (filter === undefined || filter === null) return ['output', 'completed'];
  if (!Array.isArray(filter)) return undefined;
  const events = WEBHOOK_EVENTS.filter((event) => filter.includes(event));
  return events.length === new Set(filter).size ? events : undefined;
}

function header(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
