import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { Env } from '~/platform/env';
import { randomBase64 } from '~/web/random-text';
import type { Step } from './request-id';

const HSTS_SECONDS = 31_536_000;
/** Browser features that no page uses. */
const PERMISSIONS = ['camera', 'display-capture', 'geolocation', 'microphone', 'midi', 'payment', 'usb']
  .map((name) => `${name}=()`)
  .join(', ');

const isHttps = (env: Pick<Env, 'publicUrl'>) => env.publicUrl.startsWith('https:');

/** Headers of every response, including APIs and errors: no scripts run and no frame shows it. */
export function baseHeaders(env: Pick<Env, 'publicUrl'>): Step {
  const headers: [string, string][] = [
    ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
    ['X-Content-Type-Options', 'nosniff'],
    ['Referrer-Policy', 'no-referrer'],
    ...(isHttps(env) ? [['Strict-Transport-Security', `max-age=${HSTS_SECONDS}`] satisfies [string, string]] : []),
  ];
  return (_req, res, next) => {
    for (const [name, value] of headers) res.setHeader(name, value);
    next();
  };
}

/**
 * Content-Security-Policy with a nonce per response, and helmet's other headers. `form-action` includes the payment page, since `Buy`
 * redirects there. The referrer policy is `same-origin`, because without a referrer the browser sends `Origin: null`.
 */
export function securityHeaders(env: Env, mode: 'production' | 'development' = 'production'): RequestHandler[] {
  const https = isHttps(env);
  const hotReload = mode === 'development';
  const headers = helmet({
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: https ? { maxAge: HSTS_SECONDS, includeSubDomains: false } : false,
    crossOriginResourcePolicy: { policy: 'same-origin' },
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'strict-dynamic'", (_req, res) => `'nonce-${getNonce(res)}'`],
        scriptSrcAttr: ["'none'"],
        // Vite adds style elements and opens a WebSocket.
        styleSrc: hotReload ? ["'self'", "'unsafe-inline'"] : ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: hotReload ? ["'self'", 'ws:'] : ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        formAction: ["'self'", env.stripe.checkoutOrigin],
        ...(https ? { upgradeInsecureRequests: [] } : {}),
      },
    },
  });
  return [withNonce, headers, withoutPermissions];
}

const withoutPermissions: RequestHandler = (_req, res, next) => {
  res.setHeader('Permissions-Policy', PERMISSIONS);
  next();
};

const nonces = new WeakMap<object, string>();

const withNonce: RequestHandler = (_req, res, next) => {
  nonces.set(res, newNonce());
  next();
};

/** A nonce for one response; always 24 characters. */
export function newNonce(): string {
  return randomBase64(16);
}

export function getNonce(res: object): string {
  return nonces.get(res) ?? '';
}
