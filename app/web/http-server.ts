import { createServer, type RequestListener, type Server } from 'node:http';

/** How long a client may take and how much it may say before anybody listens. Times in milliseconds. */
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

/** The server of every role that answers HTTP. Slow and oversized requests end here and cost no database. */
export function httpServer(app: RequestListener, limits: HttpLimits = httpLimits): Server {
  return createServer({ ...limits }, app);
}

/** Asks each in turn whether it answers a request at once; what none answers is the application's. */
export function tryFirst(app: RequestListener, ...early: ((...request: Parameters<RequestListener>) => boolean)[]): RequestListener {
  return (req, res) => {
    if (!early.some((answers) => answers(req, res))) app(req, res);
  };
}
