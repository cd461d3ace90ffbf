import { withdrawListing } from '~/workflows/listing/retire-listings.server';
import { decideListing } from '~/workflows/listing/decide-listing.server';
import { submitListing } from '~/workflows/listing/submit-listing.server';
import { changePrice, pauseListing } from '~/modules/listings/index.server';
import { addDays, HOUR_MS, parseDateInput, toDateInput } from '~/platform/dates';
import { DomainError, invariant } from '~/platform/errors';
import { usdNano } from '~/platform/money';
import type { PlannedLot } from './market-plan';
import { as, type SeededLot, type World } from './world';

/** A seller lists credit of an own account at Replicate, and an admin decides on it, as planned. */
export async function listLot(world: World, plan: PlannedLot, number: number): Promise<void> {
  const seller = world.sellers.get(plan.seller);
  invariant(seller, `the plan names a seller: ${plan.seller}`);
  const token = await world.outside.openAccount(`${plan.seller}-${number}`, plan.faceUsd, seller.name);
  const listing = await submitListing(as(world, seller), { terms: listingTerms(world, plan), token }).catch(unlessCapped);
  if (!listing) return;
  const lot = { plan, listingId: listing.id, seller, token };
  world.lots.push(lot);
  world.clock.moveBy(2 * HOUR_MS);
  await decide(world, lot);
}

/** A new seller may be over the cap: then the market has one lot less. */
function unlessCapped(error: unknown): null {
  if (error instanceof DomainError && error.code === 'new_seller_cap') return null;
  throw error;
}

function listingTerms(world: World, plan: PlannedLot) {
  const expiresOn = parseDateInput(toDateInput(addDays(world.clock.now(), plan.daysAgo + plan.expiresInDays)));
  invariant(expiresOn, 'a planned expiry is a day');
  return { faceNano: usdNano(plan.faceUsd), discountBps: plan.discountBps, creditExpiresAt: expiresOn, minNano: usdNano(plan.minUsd) };
}

async function decide(world: World, { plan, listingId }: SeededLot): Promise<void> {
  const admin = as(world, world.admin);
  switch (plan.fate) {
    case 'in_review':
      return;
    case 'needs_info':
      await decideListing(admin, listingId, {
        intent: 'ask',
        note: 'Was this credit bought, or granted by a programme? Please name the invoice.',
      });
      return;
    case 'rejected':
      await decideListing(admin, listingId, {
        intent: 'reject',
        reasonCode: 'source_unclear',
        note: 'Promotional credit cannot be sold here. List credit that you bought.',
      });
      return;
    case 'sells':
    case 'paused':
    case 'withdrawn':
    case 'suspended':
    case 'fails':
      await decideListing(admin, listingId, { intent: 'approve' });
  }
}

/** Planned price changes, and on the last day pauses, withdrawals and suspensions. */
export async function changeLots(world: World, daysAgo: number): Promise<void> {
  for (const { plan, listingId, seller } of world.lots) {
    if (plan.reprice?.[0] === daysAgo) await changePrice(as(world, seller), { listingId, discountBps: plan.reprice[1] });
    if (daysAgo !== 1) continue;
    if (plan.fate === 'paused') await pauseListing(as(world, seller), listingId);
    if (plan.fate === 'withdrawn') await withdrawListing(as(world, seller), listingId);
    if (plan.fate === 'suspended')
      await decideListing(as(world, world.admin), listingId, {
        intent: 'suspend',
        note: 'Replicate reports spend on this account that did not come through us. Please explain.',
      });
  }
}
