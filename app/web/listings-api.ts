import type { Express, Request, Response } from 'express';
import { paths } from '~/paths';
import { NANO_PER_USD } from '~/platform/money';
import { shownPolicy } from '~/queries/kept.server';
import { readListingFilters, filtersToQuery } from '~/queries/listing-filters';
import { findListings, type ListingRow } from '~/queries/listings.server';
import type { Services } from '~/services.server';
import { recordingOf, sendRecorded } from './page-cache-requests';

/**
 * GET /api/v1/listings: the lots on sale, for programs. The query string is the market page's; `after` is the cursor of the answer
 * before. Reads no cookie. What cannot be read is a 422 that names the parameter.
 */
export function mountListingsApi(app: Express, services: Services): void {
  app.get(paths.api.listings(), (req, res, next) => {
    answer(services, req, res).catch(next);
  });
  app.all(paths.api.listings(), (_req, res) => {
    res
      .set('Allow', 'GET')
      .status(405)
      .json({ error: { code: 'method_not_allowed', message: 'Listings are read here. Use GET.' } });
  });
}

async function answer(services: Services, req: Request, res: Response): Promise<void> {
  const ctx = services.ctxFor({ kind: 'visitor' });
  const { filters, errors } = readListingFilters(new URL(req.originalUrl, services.env.publicUrl).searchParams);
  if (Object.keys(errors).length > 0) {
    res.status(422).json({ error: { code: 'invalid', message: 'Some parameters cannot be read.', fields: errors } });
    return;
  }
  const { rules } = await shownPolicy(ctx);
  const { rows, next } = await findListings(ctx, filters, rules.minDaysLeft);
  const origin = services.env.publicUrl;
  const body = JSON.stringify({
    listings: rows.map((row) => toJson(row, origin)),
    next: next && origin + paths.api.listings({ ...filtersToQuery(filters), after: next }),
  });
  res.set({ 'Cache-Control': 'public, max-age=1', 'Content-Type': 'application/json; charset=utf-8' });
  const recording = recordingOf(res);
  if (recording) sendRecorded(req, res, recording, Buffer.from(body), '');
  else res.send(body);
}

/** Credit as a decimal string of dollars with nine places: exact, and safe in any JSON reader. */
function usd(nano: bigint): string {
  return `${nano / NANO_PER_USD}.${(nano % NANO_PER_USD).toString().padStart(9, '0')}`;
}

function toJson(row: ListingRow, origin: string) {
  return {
    id: row.id,
    url: origin + paths.listing(row.id),
    provider: row.provider,
    face_value_usd: usd(row.faceNano),
    available_usd: usd(row.availableNano),
    minimum_usd: usd(row.minNano),
    discount_bps: row.discountBps,
    price_per_usd: ((10_000 - row.discountBps) / 10_000).toFixed(4),
    credit_expires_at: row.creditExpiresAt.toISOString(),
    verification_level: row.level,
    seller: {
      name: row.sellerName,
      since: row.sellerSince.toISOString(),
      burned_usd: usd(row.sellerBurnedNano),
      failed_lots: row.sellerFailedLots,
    },
  };
}
