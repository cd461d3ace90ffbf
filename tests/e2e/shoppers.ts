import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { checkouts } from '~db/schema';
import type { Listing } from '~/modules/listings/index.server';
import { addDays, parseDateInput, toDateInput } from '~/platform/dates';
import type { CheckoutId } from '~/platform/ids';
import { usdNano } from '~/platform/money';
import type { Services } from '~/services.server';
import { decideListing } from '~/workflows/listing/decide-listing.server';
import { submitListing } from '~/workflows/listing/submit-listing.server';
import { anAdmin, aUser, type TestUser } from '~tests/factories/users';
import { openReplicateAccount } from './journeys';

/** The addresses of the pages and both sandboxes. */
export interface Place {
  baseUrl: string;
  stripeUrl: string;
  replicateUrl: string;
}

/** A lot on sale at half price, on its own Replicate account. */
export async function aLotOnSale(place: Place, services: Services, faceUsd = 520): Promise<Listing> {
  const visitor = services.ctxFor({ kind: 'visitor' });
  const [seller, admin] = [await aUser(visitor), await anAdmin(visitor)];
  const token = await openReplicateAccount(place, `account-${randomUUID().slice(0, 8)}`, `${faceUsd}.00`);
  const creditExpiresAt = parseDateInput(toDateInput(addDays(new Date(), 60))) ?? new Date();
  const terms = { faceNano: usdNano(faceUsd), discountBps: 5_000, creditExpiresAt, minNano: usdNano(10) };
  const { id } = await submitListing(services.ctxFor(seller.actor), { terms, token });
  return decideListing(services.ctxFor(admin.actor), id, { intent: 'approve' });
}

/** A buyer with a browser's cookies and one filled-in form, which can be sent repeatedly. */
export interface Shopper extends TestUser {
  cookie: string;
  form: URLSearchParams;
}

export async function aShopper(place: Place, services: Services, amountUsd: number): Promise<Shopper> {
  const user = await aUser(services.ctxFor({ kind: 'visitor' }));
  const form = new URLSearchParams({
    intent: 'buy',
    amount: String(amountUsd),
    shownDiscountBps: '5000',
    useNow: 'on',
    formToken: randomUUID(),
  });
  return { ...user, form, cookie: await signedIn(place, user) };
}

export async function signedIn({ baseUrl }: Place, { email, password }: TestUser): Promise<string> {
  const answer = await fetch(`${baseUrl}/signin`, {
    method: 'POST',
    headers: { Origin: baseUrl },
    body: new URLSearchParams({ email, password }),
    redirect: 'manual',
  });
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
}

/** Presses Buy. Returns the status and the redirect; a broken connection is status 0. */
export async function pressBuy({ baseUrl }: Place, shopper: Shopper, listing: Listing): Promise<{ status: number; location: string }> {
  const answer = await fetch(`${baseUrl}/listings/${listing.id}`, {
    method: 'POST',
    headers: { Origin: baseUrl, Cookie: shopper.cookie },
    body: shopper.form,
    redirect: 'manual',
  }).catch(() => null);
  await answer?.arrayBuffer().catch(() => undefined);
  return { status: answer?.status ?? 0, location: answer?.headers.get('location') ?? '' };
}

/** The buyer pays on Stripe's page. */
export async function payAtStripe({ stripeUrl }: Place, services: Services, checkoutId: CheckoutId): Promise<void> {
  const [checkout] = await services.db.select().from(checkouts).where(eq(checkouts.id, checkoutId));
  const answer = await fetch(`${stripeUrl}/_sandbox/sessions/${checkout?.stripeSessionId}/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  if (!answer.ok) throw new Error(`${checkoutId} was not paid: ${await answer.text()}`);
}

/** Makes one image with the cheapest model, at $0.003. Returns status and body. */
export async function runOnce(gatewayUrl: string, key: string, prompt: string): Promise<{ status: number; id: string | null }> {
  const answer = await fetch(`${gatewayUrl}/models/black-forest-labs/flux-schnell/predictions`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ input: { prompt, num_outputs: 1 } }),
  }).catch(() => null);
  const body = (await answer?.json().catch(() => null)) as { id?: string } | null | undefined;
  return { status: answer?.status ?? 0, id: body?.id ?? null };
}
