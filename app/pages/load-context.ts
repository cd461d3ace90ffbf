import type {} from '@remix-run/node';
import type { Services } from '~/services.server';

/** The load context of every loader and action. */
declare module '@remix-run/node' {
  interface AppLoadContext {
    services: Services;
    /** The nonce in the page's Content-Security-Policy; scripts without it do not run. */
    cspNonce: string;
    /** The client's address as far as TRUST_PROXY lets us believe it. */
    clientIp: string;
    /** Also in the log and in the X-Request-Id header, so that a reader can quote it in a report. */
    requestId: string;
  }

  interface Future {
    v3_singleFetch: true;
  }
}
