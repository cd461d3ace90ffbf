import { hkdfSync } from 'node:crypto';
import { z } from 'zod';

/**
 * The environment, read and checked once per process by server, worker and the commands of app/bin. Everything else gets what it
 * needs handed over. Each name stands in .env.example, which a test holds against this schema.
 */
const text = z.string().trim().min(1).optional();
const port = z.coerce.number().int().min(0).max(65_535);

/**
 * What a process does, so that each part can be run as often as it needs to be. `web`: pages, the listings API, Stripe's webhook, and no
 * gateway. `gateway`: /gateway and the addresses where Replicate reports runs, nothing else. `worker`: jobs, no HTTP but its metrics.
 * `all`: everything in one process. With `web` and `gateway` apart, a proxy sends /gateway/* to the gateways and all else to the webs.
 */
const roles = ['all', 'web', 'gateway', 'worker'] as const;
export type Role = (typeof roles)[number];

export const EnvSource = z.object({
  APP_MODE: z.enum(['demo', 'production', 'test']).default('demo'),
  ROLE: z.enum(roles).default('all'),
  PORT: port.default(3000),
  HOST: text,
  METRICS_PORT: port.min(1).optional(),
  METRICS_HOST: z.string().trim().min(1).default('127.0.0.1'),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  TRUST_PROXY: text,
  DATA_DIR: z.string().min(1).default('.data'),
  DATABASE_URL: text,
  DATABASE_OWNER_URL: text,
  DATABASE_POOL: z.coerce.number().int().min(2).max(500).default(12),
  PAGE_CACHE_MS: z.coerce.number().int().min(0).max(60_000).default(2_000),
  VAULT_KEYS: text,
  APP_SECRET: z.string().min(32).optional(),
  STRIPE_SECRET_KEY: text,
  STRIPE_WEBHOOK_SECRET: text,
  STRIPE_API_URL: z.url({ protocol: /^https?$/ }).optional(),
  STRIPE_LIVE_ACK: text,
  STRIPE_SANDBOX_PORT: port.default(3001),
  REPLICATE_API_URL: z.url({ protocol: /^https?$/ }).optional(),
  REPLICATE_SANDBOX_PORT: port.default(3002),
  GATEWAY_CREATES_PER_MINUTE: z.coerce.number().int().min(1).max(1_000_000).default(600),
  DEMO_REAL_KEYS: text,
  SMTP_URL: text,
  MAIL_FROM: z.string().min(3).default('Credit Mart <no-reply@credit-mart.example>'),
  CONTACT_EMAIL: z.email().optional(),
  CRASH_AT: text,
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
});

type Source = z.infer<typeof EnvSource>;

/** A key of the vault: its id stands beside what it sealed. */
export interface VaultKey {
  id: string;
  /** 32 bytes, for AES-256-GCM. */
  key: Buffer;
}

export interface Env {
  mode: 'demo' | 'production' | 'test';
  role: Role;
  host: string;
  port: number;
  /** Where this process serves metrics and health, apart from the public port; null: nowhere. */
  metrics: { host: string; port: number } | null;
  /** Without a trailing slash. */
  publicUrl: string;
  /** What Express calls `trust proxy`: hops, or addresses. `false` believes no header. */
  trustProxy: number | string | false;
  dataDir: string;
  databaseUrl: string;
  databasePool: number;
  /** Lifetime of cached public pages in ms; 0 turns the cache off. A change of the market clears it. */
  pageCacheMs: number;
  /** The first seals, all open. */
  vaultKeys: [VaultKey, ...VaultKey[]];
  /** Signs the addresses at which Replicate reports runs; derived from the first vault key unless APP_SECRET is set. */
  appSecret: string;
  /** `apiUrl` null: Stripe itself. `checkoutOrigin` is where its hosted pages live. */
  stripe: { secretKey: string; webhookSecret: string; apiUrl: string | null; checkoutOrigin: string };
  replicate: { apiUrl: string };
  /** Creates that one access key may send a minute; Replicate allows an account 600. */
  gateway: { createsPerMinute: number };
  /** `url` null: mail goes to the outbox that /dev/mail shows. */
  mail: { smtpUrl: string | null; from: string };
  /** Where people write to this market; on every page and mail. */
  contactEmail: string;
  logLevel: Source['LOG_LEVEL'];
  /** The label of the point at which a test has this process die. Never in production. */
  crashAt: string | undefined;
}

/** Everything that is wrong with the configuration, one sentence per line. */
export class EnvError extends Error {
  override readonly name = 'EnvError';

  constructor(readonly problems: string[]) {
    super(problems.join('\n'));
  }
}

const REPLICATE = 'https://api.replicate.com';

/** Reads the environment. @throws EnvError that names everything missing or wrong at once. */
export function readEnv(source: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const parsed = EnvSource.safeParse(given);
  if (!parsed.success) throw new EnvError(parsed.error.issues.map((issue) => `${issue.path.join('.')} cannot be used: ${issue.message}.`));
  const vars = parsed.data;
  const vaultKeys = parseVaultKeys(vars.VAULT_KEYS ?? '');
  const problems = [...missing(vars), ...refusedKeys(vars), ...inClear(vars), ...(vars.VAULT_KEYS && !vaultKeys ? [VAULT_KEYS_SHAPE] : [])];
  if (problems.length > 0 || !vaultKeys) throw new EnvError(problems);
  return toEnv(vars, vaultKeys);
}

const VAULT_KEYS_SHAPE =
  'VAULT_KEYS is not readable: write name:key pairs with commas between, each key 32 bytes in base64 (`openssl rand -base64 32`).';

function parseVaultKeys(value: string): [VaultKey, ...VaultKey[]] | null {
  const keys = value.split(',').map((pair) => {
    const [id = '', encoded = ''] = pair.trim().split(':', 2);
    return { id, key: Buffer.from(encoded, 'base64') };
  });
  const [first, ...rest] = keys;
  return first && keys.every(({ id, key }) => /^[\w-]{1,32}$/.test(id) && key.length === 32) ? [first, ...rest] : null;
}

function missing(vars: Source): string[] {
  const needed: [keyof Source, string][] = [
    ['DATABASE_URL', 'the PostgreSQL 18 to use, as postgres://user:password@host:5432/name'],
    ['VAULT_KEYS', 'the keys that seal tokens, as name:base64'],
    ['STRIPE_SECRET_KEY', 'the secret key of your Stripe account'],
    ['STRIPE_WEBHOOK_SECRET', 'the signing secret of the webhook endpoint at Stripe'],
  ];
  if (vars.APP_MODE === 'production') {
    needed.push(
      ['PUBLIC_URL', 'the https address under which people reach this market'],
      ['SMTP_URL', 'the mail server, as smtps://user:password@host'],
      ['CONTACT_EMAIL', 'the mail address under which people reach you'],
    );
  }
  const lines = needed.filter(([name]) => vars[name] === undefined).map(([name, what]) => `${name} is missing: set it to ${what}.`);
  if (vars.APP_MODE === 'production' && vars.PUBLIC_URL?.startsWith('http://'))
    lines.push('PUBLIC_URL must begin with https:// in production.');
  return lines;
}

function refusedKeys(vars: Source): string[] {
  const lines: string[] = [];
  if (/^(sk|rk)_live_/.test(vars.STRIPE_SECRET_KEY ?? '') && vars.STRIPE_LIVE_ACK !== 'yes') {
    lines.push(
      'STRIPE_SECRET_KEY is a live key: real cards would be charged. Set STRIPE_LIVE_ACK=yes once the points in the README are cleared, or use a test key.',
    );
  }
  if (vars.APP_MODE !== 'demo' || vars.DEMO_REAL_KEYS === 'yes') return lines;
  if (vars.STRIPE_SECRET_KEY && !isLoopback(vars.STRIPE_API_URL)) {
    lines.push('The demo pays against its own Stripe sandbox: unset STRIPE_SECRET_KEY, or set DEMO_REAL_KEYS=yes to use Stripe itself.');
  }
  if (!isLoopback(vars.REPLICATE_API_URL)) {
    lines.push(
      'The demo runs against its own Replicate sandbox: unset REPLICATE_API_URL, or set DEMO_REAL_KEYS=yes to use Replicate itself.',
    );
  }
  return lines;
}

/** In production, connections that carry secrets or personal data must be encrypted. */
function inClear(vars: Source): string[] {
  if (vars.APP_MODE !== 'production') return [];
  const upstreams = (['STRIPE_API_URL', 'REPLICATE_API_URL'] as const)
    .filter((name) => vars[name]?.startsWith('http://'))
    .map((name) => `${name} must begin with https:// in production: it would send keys in clear.`);
  return vars.SMTP_URL === undefined || isEncryptedMail(vars.SMTP_URL)
    ? upstreams
    : [
        ...upstreams,
        'SMTP_URL must begin with smtps:// in production, or with smtp:// and end in ?requireTLS=true for a server that speaks STARTTLS: mail holds links that open accounts.',
      ];
}

function isEncryptedMail(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, searchParams } = new URL(url);
  return protocol === 'smtps:' || (protocol === 'smtp:' && searchParams.get('requireTLS') === 'true');
}

function isLoopback(url: string | undefined): boolean {
  return url !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
}

function toEnv(vars: Source, vaultKeys: [VaultKey, ...VaultKey[]]): Env {
  const host = vars.HOST ?? (vars.APP_MODE === 'production' ? '0.0.0.0' : '127.0.0.1');
  const trustProxy = vars.TRUST_PROXY ?? false;
  return {
    mode: vars.APP_MODE,
    role: vars.ROLE,
    host,
    port: vars.PORT,
    metrics: vars.METRICS_PORT === undefined ? null : { host: vars.METRICS_HOST, port: vars.METRICS_PORT },
    publicUrl: (vars.PUBLIC_URL ?? `http://127.0.0.1:${vars.PORT}`).replace(/\/+$/, ''),
    trustProxy: typeof trustProxy === 'string' && /^\d+$/.test(trustProxy) ? Number(trustProxy) : trustProxy,
    dataDir: vars.DATA_DIR,
    databaseUrl: vars.DATABASE_URL ?? '',
    databasePool: vars.DATABASE_POOL,
    pageCacheMs: vars.PAGE_CACHE_MS,
    vaultKeys,
    appSecret: vars.APP_SECRET ?? Buffer.from(hkdfSync('sha256', vaultKeys[0].key, '', 'credit-mart app secret', 32)).toString('base64url'),
    stripe: {
      secretKey: vars.STRIPE_SECRET_KEY ?? '',
      webhookSecret: vars.STRIPE_WEBHOOK_SECRET ?? '',
      apiUrl: vars.STRIPE_API_URL ?? null,
      checkoutOrigin: vars.STRIPE_API_URL ? new URL(vars.STRIPE_API_URL).origin : 'https://checkout.stripe.com',
    },
    replicate: { apiUrl: (vars.REPLICATE_API_URL ?? REPLICATE).replace(/\/+$/, '') },
    gateway: { createsPerMinute: vars.GATEWAY_CREATES_PER_MINUTE },
    mail: { smtpUrl: vars.SMTP_URL ?? null, from: vars.MAIL_FROM },
    contactEmail: vars.CONTACT_EMAIL ?? 'help@credit-mart.example',
    logLevel: vars.LOG_LEVEL,
    crashAt: vars.APP_MODE === 'production' ? undefined : vars.CRASH_AT,
  };
}

/** The secrets of the configuration, for the log to remove. */
export function collectSecrets(env: Env): string[] {
  const passwords = [env.databaseUrl, env.mail.smtpUrl].map((url) =>
    url && URL.canParse(url) ? decodeURIComponent(new URL(url).password) : '',
  );
  const keys = env.vaultKeys.map(({ key }) => key.toString('base64'));
  return [...keys, env.appSecret, env.stripe.secretKey, env.stripe.webhookSecret, ...passwords].filter((secret) => secret !== '');
}
