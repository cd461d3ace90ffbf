import type {} from '@remix-run/node';
import type { Services } from '~/services.server';

/** What the web server hands to every loader and action. */
declare module '@remix-run/node' {
  interface AppLoadContext {
    services: Services;
    /** Stands in the page's Content-Security-Policy; scripts without it do not run. */
    cspNonce: string;
    /** The client's address as far as TRUST_PROXY lets us believe it. */
    clientIp: string;
    /** Also in the log and in the answer's X-Request-Id: what a person quotes when something broke. */
    requestId: string;
  }

  interface Future {
    v3_singleFetch: true;
  }
}
