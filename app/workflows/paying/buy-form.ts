import { z } from 'zod';
import { idSchema } from '~/platform/ids';
import { NANO_PER_CENT, NANO_PER_USD, parseUsdToNano } from '~/platform/money';

/** Dollars of credit as typed, in whole cents. The lot's own limits are checked later. */
export const CreditAmount = z.string({ error: 'Enter an amount in dollars, such as 100.00.' }).transform((text, issues) => {
  const nano = parseUsdToNano(text);
  if (nano !== null && nano > 0n && nano % NANO_PER_CENT === 0n && nano < 1_000_000_000n * NANO_PER_USD) return nano;
  issues.addIssue({ code: 'custom', message: 'Enter an amount in dollars, such as 100.00.' });
  return z.NEVER;
});

export const useNowMissing = 'Tick this box to buy: without it the credit could not be used for 14 days.';

/** The box under which a buyer agrees that use may begin at once (app/modules/transactions/withdrawal.ts). It starts unticked. */
export const UseNowBox = z.literal('on', { error: useNowMissing });

/** The buy form of a lot's page, with the discount it showed and a token made when the page was rendered. */
export const BuyForm = z.object({
  amount: CreditAmount,
  shownDiscountBps: z.coerce.number().int().min(0).max(10_000),
  useNow: UseNowBox,
  formToken: z.string().min(8).max(100),
});

export const StartCheckoutInput = z.object({
  listingId: idSchema('listing'),
  creditNano: z.bigint().positive(),
  shownDiscountBps: z.number().int(),
  formToken: z.string().min(8).max(100),
  /** The buyer has agreed that use may begin at once. */
  useNow: z.literal(true),
});
export type StartCheckoutInput = z.infer<typeof StartCheckoutInput>;
