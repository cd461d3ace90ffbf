import { createServer, type RequestListener, type Server } from 'node:http';

/** Limits on slow and oversized requests. Times in milliseconds. */
export interface HttpLimits {
  /** All headers together; more is 431. */
  maxHeaderSize: number;
  /** From the first byte to the end of the headers; then 408. */
  headersTimeout: number;
  /** From the first byte to the end of the body; then 408. Four megabytes need 560 kbit/s. */
  requestTimeout: number;
  /** How often connections are looked at for that. */
  connectionsCheckingInterval: number;
}

export const httpLimits: HttpLimits = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  connectionsCheckingInterval: 5_000,
};

/** The HTTP server of every role. It rejects slow and oversized requests before they reach the application. */
export function httpServer(app: RequestListener, limits: HttpLimits = httpLimits): Server {
  return createServer({ ...limits }, app);
}

/** Offers each request to the handlers in order; the application gets what none of them answers. */
export function tryFirst(app: RequestListener, ...early: ((...request: Parameters<RequestListener>) => boolean)[]): RequestListener {
  return (req, res) => {
    if (!early.some((answers) => answers(req, res))) app(req, res);
  };
}
