import { createHash, randomBytes, randomInt } from 'node:crypto';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export const TOKEN_SHAPE = /^r8_[A-Za-z0-9]{37}$/;

/** 26 lowercase base32 characters, the format of Replicate's prediction ids. */
export function newPredictionId(): string {
  const bytes = randomBytes(26);
  let id = '';
  for (const byte of bytes) id += BASE32.charAt(byte & 31);
  return id;
}

/** An API token in Replicate's format: `r8_` and 37 alphanumerics. */
export function newToken(): string {
  let token = 'r8_';
  for (let i = 0; i < 37; i += 1) token += ALPHANUMERIC.charAt(randomInt(ALPHANUMERIC.length));
  return token;
}

/** A Standard Webhooks signing secret: `whsec_` and 24 random bytes in base64. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(24).toString('base64')}`;
}

/** A Standard Webhooks message id. */
export function newMessageId(): string {
  return `msg_${randomBytes(16).toString('hex')}`;
}

/** The version id of a sandbox model: 64 hex digits derived from its name, so they survive restarts. */
export function makeVersionId(modelName: string): string {
  return createHash('sha256').update(`replicate-sandbox:${modelName}`).digest('hex');
}
