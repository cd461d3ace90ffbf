import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Express } from 'express';
import { paths } from '~/paths';
import { shownPolicy } from '~/queries/market/market-cache.server';
import { readListingFilters, filtersToQuery } from '~/queries/market/listing-filters';
import { toListingJson } from '~/queries/market/public-listing.server';
import { findListingColumns } from '~/queries/market/listings.server';
import type { Services } from '~/services.server';
import { findRecording, sendAndCache, type ResponseCache } from '~/web/cache/response-cache';
import { withRequestId } from '~/web/middleware/request-id';
import { baseHeaders } from '~/web/middleware/security-headers';
import { VisitorLimiter } from '~/web/visitor-limiter';

/**
 * GET /api/v1/listings: the lots on sale, for programs. The query string is the market page's; `after` is the cursor of the answer
 * before. Reads no cookie. What cannot be read is a 422 that names the parameter.
 */
export function mountListingsApi(app: Express, services: Services): void {
  const turns = new VisitorLimiter();
  app.get(paths.api.listings(), (req, res, next) => {
    turns.forPrograms(req, res, () => void answer(services, req, res).catch(next));
  });
  app.all(paths.api.listings(), (_req, res) => {
    res
      .set('Allow', 'GET')
      .status(405)
      .json({ error: { code: 'method_not_allowed', message: 'Listings are read here. Use GET.' } });
  });
}

/**
 * Answers the API before Express, which it does not need. On an error the application handles the request again and reports what is wrong.
 */
export function listingsFastPath(
  app: RequestListener,
  services: Services,
  cache: ResponseCache,
): (...request: Parameters<RequestListener>) => boolean {
  const turns = new VisitorLimiter();
  const [path, describe] = [paths.api.listings(), baseHeaders(services.env)];
  return (req, res) => {
    if (req.method !== 'GET' || !(req.url === path || req.url?.startsWith(`${path}?`))) return false;
    const orTheApplication = () => {
      findRecording(res)?.done(null);
      app(req, res);
    };
    const make = () => turns.forPrograms(req, res, () => void answer(services, req, res).catch(orTheApplication));
    withRequestId(req, res, () => describe(req, res, () => cache.serve(req, res, make)));
    return true;
  };
}

async function answer(services: Services, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const ctx = services.ctxFor({ kind: 'visitor' });
  const { filters, errors } = readListingFilters(new URLSearchParams(req.url?.replace(/^[^?]*/, '')));
  if (Object.keys(errors).length > 0) {
    const error = { code: 'invalid', message: 'Some parameters cannot be read.', fields: errors };
    res.writeHead(422, { 'Content-Type': JSON_TYPE }).end(JSON.stringify({ error }));
    return;
  }
  const { rules } = await shownPolicy(ctx);
  const { columns, next } = await findListingColumns(ctx, filters, rules.minDaysLeft);
  const origin = services.env.publicUrl;
  const page = {
    listings: columns.map((lot) => toListingJson(lot, origin)),
    next: next && origin + paths.api.listings({ ...filtersToQuery(filters), after: next }),
  };
  const body = Buffer.from(JSON.stringify(page));
  res.setHeader('Cache-Control', 'public, max-age=1').setHeader('Content-Type', JSON_TYPE);
  const recording = findRecording(res);
  if (recording) sendAndCache(req, res, recording, body, '');
  else res.setHeader('Content-Length', body.length).end(body);
}

const JSON_TYPE = 'application/json; charset=utf-8';
