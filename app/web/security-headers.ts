import { randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { Env } from '~/platform/env';

/**
 * Content-Security-Policy with a nonce per answer, and helmet's other headers. Forms may lead to the payment page, since the
 * answer to `Buy` is a redirect there. `same-origin` for the referrer, because without one the browser sends `Origin: null`.
 */
export function securityHeaders(env: Env): RequestHandler[] {
  const https = env.publicUrl.startsWith('https:');
  const headers = helmet({
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    crossOriginResourcePolicy: { policy: 'same-origin' },
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'strict-dynamic'", (_req, res) => `'nonce-${nonceOf(res)}'`],
        scriptSrcAttr: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        formAction: ["'self'", env.stripe.checkoutOrigin],
        ...(https ? { upgradeInsecureRequests: [] } : {}),
      },
    },
  });
  return [withNonce, headers];
}

const nonces = new WeakMap<object, string>();

const withNonce: RequestHandler = (_req, res, next) => {
  nonces.set(res, newNonce());
  next();
};

/** For one answer and no other; always 24 characters. */
export function newNonce(): string {
  return randomBytes(16).toString('base64');
}

export function nonceOf(res: object): string {
  return nonces.get(res) ?? '';
}
