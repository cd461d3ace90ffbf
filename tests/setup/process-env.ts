import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

export interface Place {
  /** The folder where the processes store their data. */
  folder: string;
  databaseUrl: string;
  /** The port that visitors use. */
  front: number;
  stripe: number;
  replicate: number;
}

const letters = (bytes: number) => randomBytes(bytes).toString('hex');
export const url = (port: number) => `http://127.0.0.1:${port}`;

/** The environment of every process, as `npm start` sets it: new secrets, and sandboxes with a journal. */
export function processEnv({ folder, databaseUrl, front, stripe, replicate }: Place) {
  const secretKey = `sk_test_${letters(16)}`;
  const webhookSecret = `whsec_${letters(16)}`;
  return {
    APP_MODE: 'demo',
    NODE_ENV: 'production',
    LOG_LEVEL: 'warn',
    DATA_DIR: folder,
    DATABASE_URL: databaseUrl,
    PUBLIC_URL: url(front),
    VAULT_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    APP_SECRET: letters(32),
    STRIPE_SECRET_KEY: secretKey,
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    STRIPE_API_URL: url(stripe),
    REPLICATE_API_URL: url(replicate),
    STRIPE_SANDBOX_PORT: String(stripe),
    STRIPE_SANDBOX_JOURNAL: join(folder, 'stripe-sandbox.journal'),
    STRIPE_SANDBOX_SECRET_KEY: secretKey,
    STRIPE_SANDBOX_WEBHOOK_URL: `${url(front)}/webhooks/stripe`,
    STRIPE_SANDBOX_WEBHOOK_SECRET: webhookSecret,
    REPLICATE_SANDBOX_PORT: String(replicate),
    REPLICATE_SANDBOX_JOURNAL: join(folder, 'replicate-sandbox.journal'),
  };
}
