import { z } from 'zod';
import { parsePercentToBps } from '~/platform/money';
import { BuyForm, CreditAmount } from '~/workflows/paying/buy-form';

const discount = z.string({ error: 'Enter a discount in percent, such as 60.' }).transform((text, issue) => {
  const bps = parsePercentToBps(text);
  if (bps !== null && bps <= 10_000) return bps;
  issue.addIssue({ code: 'custom', message: 'A percentage with at most two decimals, such as 60 or 62.5.' });
  return z.NEVER;
});

export const OfferForm = z.object({
  intent: z.literal('offer'),
  offerAmount: CreditAmount,
  offerDiscount: discount,
  offerHours: z.coerce
    .number({ error: 'A whole number of hours.' })
    .int('A whole number of hours.')
    .min(1, 'At least 1 hour.')
    .max(1_000, 'At most 1,000 hours.'),
  offerMessage: z.string().trim().max(500, 'At most 500 characters.').optional(),
});

export const ListingForm = z.discriminatedUnion('intent', [BuyForm.extend({ intent: z.literal('buy') }), OfferForm]);
