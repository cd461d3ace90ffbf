import { z } from 'zod';
import { PolicyRules } from '~/modules/policy/policy-rules';

/** The rules as a form: each in the unit it is kept in. */
export const ruleFields = [
  { name: 'minDiscountBps', label: 'Smallest discount', hint: 'Basis points: 3000 is 30%.' },
  { name: 'maxDiscountBps', label: 'Largest discount', hint: 'Basis points.' },
  { name: 'feeBps', label: 'Fee', hint: 'Basis points of the price, paid by the seller.' },
  { name: 'minPurchaseCents', label: 'Smallest purchase', hint: 'Cents of price.' },
  { name: 'reservationMinutes', label: 'Reservation', hint: 'Minutes; Stripe needs more than 30.' },
  { name: 'tailGuardCents', label: 'Tail guard', hint: 'Cents of a balance that are not sellable.' },
  { name: 'newSellerMaxOnSaleCents', label: 'New sellers, on sale at most', hint: 'Cents of face value.' },
  { name: 'seasonedAfterBurnedCents', label: 'Seasoned after burning', hint: 'Cents of face value, without a failure.' },
  { name: 'newBuyerMaxPerDayCents', label: 'New buyers, at most in 24 h', hint: 'Cents of price.' },
  { name: 'offerLifetimeHours', label: 'Lifetime of an offer', hint: 'Hours.' },
  { name: 'offerPayHours', label: 'Time to pay an accepted offer', hint: 'Hours.' },
  { name: 'minDaysLeft', label: 'No sale with fewer days left', hint: 'Days to the expiry of the credit.' },
  { name: 'maxHoldDays', label: 'Longest hold', hint: 'Days from payment to settlement day.' },
  { name: 'mendHours', label: 'Time to mend a failed lot', hint: 'Hours.' },
  { name: 'idleDays', label: 'Idle listings are withdrawn after', hint: 'Days.' },
] as const satisfies readonly { name: keyof PolicyRules; label: string; hint: string }[];

export const PolicyForm = z
  .object({
    basedOn: z.coerce.number().int(),
    note: z.string({ error: 'Say why.' }).trim().min(1, 'Say why.').max(500, 'At most 500 characters.'),
    ...PolicyRules.shape,
  })
  .superRefine((form, ctx) => {
    if (form.minDiscountBps >= form.maxDiscountBps)
      ctx.addIssue({ code: 'custom', path: ['maxDiscountBps'], message: 'Above the smallest discount.' });
  });
