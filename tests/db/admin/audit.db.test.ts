import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { changePrice, type Listing } from '~/modules/listings/index.server';
import { publishPolicy } from '~/modules/policy/index.server';
import { firstRules } from '~/modules/policy/policy-rules';
import { addDays, toDateInput } from '~/platform/dates';
import { shortId } from '~/platform/ids';
import { adminAudit, adminAuditBatches } from '~/queries/admin/admin-audit.server';
import { readAuditFilters } from '~/queries/admin/audit-filters';
import { aListing, anAdmin, aPerson, aSeller, type Person } from '~tests/factories/market';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { getRefusal } from '~tests/setup/race';

const market = testMarket();
afterEach(() => expectInvariants(market));

let admin: Person;
let seller: Person;
let listing: Listing;

beforeAll(async () => {
  admin = await anAdmin(market);
  seller = await aSeller(market, 'Sten 50% Seller');
  ({ listing } = await aListing(market, { seller, admin }));
  await changePrice(seller.ctx(), { listingId: listing.id, discountBps: 5_500 });
});

const found = async (query: Record<string, string>) => {
  const { filters } = readAuditFilters(new URLSearchParams(query));
  return (await adminAudit(admin.ctx(), { before: null, filters })).records.map((record) => record.action);
};
const today = () => toDateInput(market.services.clock.now());
const tomorrow = () => toDateInput(addDays(market.services.clock.now(), 1));

describe('the audit log', () => {
  it('filters by person, action, subject and days, alone and together', async () => {
    expect(await found({ who: '50% sell' })).toEqual(['listing.price_changed', 'listing.submitted']);
    expect(await found({ who: seller.id, action: 'listing.price_changed' })).toEqual(['listing.price_changed']);
    const ofListing = ['listing.price_changed', 'listing.approve', 'listing.submitted'];
    for (const subject of [listing.id, shortId(listing.id)]) expect(await found({ subject })).toEqual(ofListing);
    expect(await found({ subject: listing.id, from: today(), until: today() })).toEqual(ofListing);
    expect(await found({ subject: listing.id, from: tomorrow() })).toEqual([]);
  });

  it('names a filter that cannot be read and leaves it out', () => {
    expect(readAuditFilters(new URLSearchParams({ from: '31.12.', action: '=1', who: 'Ada' }))).toMatchObject({
      filters: { who: 'Ada' },
      errors: { from: 'A day, such as 2027-01-31.', action: 'Choose one of the list.' },
    });
  });

  it('exports all filtered records in batches, and none to people who are no admins', async () => {
    const records = [];
    for await (const batch of adminAuditBatches(admin.ctx(), { subject: listing.id })) records.push(...batch);
    expect(records.map((record) => record.action)).toEqual(await found({ subject: listing.id }));
    const stranger = await aPerson(market);
    expect(await getRefusal(adminAuditBatches(stranger.ctx(), {}).next())).toMatchObject({ status: 404 });
  });

  it('shows which rules a new policy version changed, with old and new value', async () => {
    const { version } = await publishPolicy(admin.ctx(), { basedOn: 1, note: 'A lower fee.', rules: { ...firstRules, feeBps: 900 } });
    const { records } = await adminAudit(admin.ctx(), { before: null, filters: { subject: `policy_${version}` } });
    expect(records[0]?.facts).toEqual({ note: 'A lower fee.', feeBps: '10.0% → 9.0%' });
    expect(await getRefusal(publishPolicy(admin.ctx(), { basedOn: 1, note: 'Late.', rules: firstRules }))).toMatchObject({ status: 409 });
  });
});
