import { z } from 'zod';
import { CALLS, isRefusal, REFUSAL_KINDS, RUN_KINDS } from '../running/behaviours';
import { TOKEN_SHAPE } from '../world/ids';
import { usdToNano } from '../world/money';
import { WEBHOOK_MODES } from '../webhooks/deliveries';

/** The bodies of the controls, and the arguments of the same methods in process. */

/** US dollars as a decimal text; read to nano-USD. */
const usd = z.string().transform((text, ctx) => {
  try {
    return usdToNano(text);
  } catch {
    ctx.addIssue({ code: 'custom', message: 'must be US dollars as a decimal text, such as "25.50"' });
    return z.NEVER;
  }
});
const token = z.string().regex(TOKEN_SHAPE, 'must be r8_ and 37 letters or digits');
const milliseconds = z.number().int().min(0).max(86_400_000);

export const AccountOrder = z.strictObject({
  username: z.string().regex(/^[a-z0-9][a-z0-9-]{0,38}$/, 'must be lowercase letters, digits and hyphens'),
  name: z.string().optional(),
  type: z.enum(['user', 'organization']).default('user'),
  creditUsd: usd,
  token: token.optional(),
  createsPerMinute: z.number().int().min(1).max(1_000_000).default(600),
});
export const TokenOrder = z.strictObject({ token: token.optional() });
export const CreditOrder = z.strictObject({ usd });
export const SpendOrder = z.strictObject({ usd, source: z.enum(['api', 'web']).default('api') });
export const ClockOrder = z.union([
  z.strictObject({ now: z.iso.datetime({ offset: true }) }),
  z.strictObject({ advanceMs: z.number().int() }),
  z.strictObject({ reset: z.literal(true) }),
]);
export const BehaviourOrder = z
  .strictObject({
    kind: z.enum([...RUN_KINDS, ...REFUSAL_KINDS]),
    username: z.string().optional(),
    token: z.string().optional(),
    model: z.string().optional(),
    on: z.enum(CALLS).default('create'),
    times: z.number().int().min(1).default(1),
    delayMs: milliseconds.optional(),
    predictSeconds: z.number().min(0).optional(),
    outputCount: z.number().min(0).max(100_000).optional(),
    metrics: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).optional(),
    metricsDelayMs: milliseconds.optional(),
    outputJson: z.string().optional(),
  })
  .refine(({ kind, on }) => on === 'create' || isRefusal(kind), 'only http_* and drop_before can be put on a call other than create');
export const WebhookOrder = z.strictObject({ mode: z.enum(WEBHOOK_MODES) });
export const ReleaseOrder = z.strictObject({ order: z.enum(['as_queued', 'reversed']).default('as_queued') });
export const OutageOrder = z.strictObject({ ms: milliseconds, mode: z.enum(['error', 'reset']).default('error') });
export const SettingsOrder = z.strictObject({
  predictionMs: milliseconds.optional(),
  model: z.string().optional(),
  shownAs: z.string().optional(),
  strictVersions: z.boolean().optional(),
  holdCreates: z.boolean().optional(),
});

export type OrderFor<Schema extends z.ZodType> = z.input<Schema>;
