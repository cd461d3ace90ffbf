import type { PolicyRules } from '~/modules/policy/policy-rules';
import { formatCents, formatPercent, share } from '~/platform/money';

export type RulesInWords = ReturnType<typeof rulesInWords>;

const percent = (bps: number) => formatPercent(bps).replace('.0%', '%');
const dollars = (cents: number) => formatCents(BigInt(cents));

/** The market's rules as page texts. */
export function rulesInWords(rules: PolicyRules) {
  const words = {
    discount: `${percent(rules.minDiscountBps)} to ${percent(rules.maxDiscountBps)}`,
    fee: percent(rules.feeBps),
    /** Our part of $40.00 that was burned, for the example. */
    feeOf40Cents: share(4_000n, rules.feeBps, 'down'),
    minPurchase: dollars(rules.minPurchaseCents),
    reservation: `${rules.reservationMinutes} minutes`,
    tailGuard: dollars(rules.tailGuardCents),
    newSeller: dollars(rules.newSellerMaxOnSaleCents),
    mend: `${rules.mendHours} hours`,
    maxHold: `${rules.maxHoldDays} days`,
  };
  return {
    ...words,
    facts: [
      { term: 'Discount', value: words.discount },
      { term: 'Fee', value: `${words.fee} of the price, paid by the seller` },
      {
        term: 'Minimum purchase',
        value: words.minPurchase,
        note: 'The seller may ask for more. If less than one minimum would remain, the rest is sold whole.',
      },
      { term: 'Reservation', value: words.reservation },
      {
        term: 'Not sold',
        value: `The last ${words.tailGuard} of a balance`,
        note: `And nothing with under ${rules.minDaysLeft} days left.`,
      },
      {
        term: 'New sellers',
        value: `At most ${words.newSeller} on sale`,
        note: `Until ${dollars(rules.seasonedAfterBurnedCents)} was burned without a failure.`,
      },
      { term: 'New buyers', value: `At most ${dollars(rules.newBuyerMaxPerDayCents)} of price in 24 hours` },
      {
        term: 'Unpaid purchases',
        value: `At most ${rules.maxUnpaidPurchases} at once, ${dollars(rules.maxUnpaidCents)} in all`,
        note: 'A purchase keeps its credit from others until it is paid.',
      },
      {
        term: 'Offers',
        value: `Open for ${rules.offerLifetimeHours} hours`,
        note: `Once accepted, to be paid within ${rules.offerPayHours} hours.`,
      },
      { term: 'Time to mend a lot', value: words.mend },
      { term: 'Longest hold', value: `${words.maxHold} from the payment` },
    ],
  };
}
