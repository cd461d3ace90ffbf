import type { Submission } from '@conform-to/react';
import { parseWithZod } from '@conform-to/zod/v4';
import { z } from 'zod';
import { errorPage, readFormData, formFailure, formInvalid } from '~/pages/forms.server';
import { answerReview, askForProbe, changePrice, pauseListing, resumeListing, takeBackRaise } from '~/modules/listings/index.server';
import { ReplicateToken, termsSchema } from '~/modules/listings/listing-terms';
import { AnswerText } from '~/modules/listings/review-forms';
import { currentPolicy } from '~/modules/policy/index.server';
import type { Ctx } from '~/platform/context';
import { DomainError } from '~/platform/errors';
import type { ListingId } from '~/platform/ids';
import { centsToNano, parsePercentToBps, parseUsdToCents } from '~/platform/money';
import { raiseFaceValue } from '~/workflows/listing/raise-face-value.server';
import { replaceListingToken } from '~/workflows/listing/replace-token.server';
import { withdrawListing } from '~/workflows/listing/retire-listings.server';
import { resubmitRejected } from '~/workflows/listing/submit-listing.server';

export const intents = [
  'price',
  'pause',
  'resume',
  'token',
  'probe',
  'withdraw',
  'answer',
  'resubmit',
  'raise',
  'take_back_raise',
] as const;
export type Intent = (typeof intents)[number];

type Failure = ReturnType<typeof formInvalid>;
type Outcome = { done: Intent } | { intent: Intent; failure: Failure };

const Price = z.object({
  discount: z.string({ error: 'Write the discount in percent, such as 45.' }).transform((text, ctx) => {
    const bps = parsePercentToBps(text);
    if (bps === null) ctx.issues.push({ code: 'custom', message: 'Write the discount in percent, such as 45.', input: undefined });
    return bps ?? 0;
  }),
});

const Raise = z.object({
  raiseTo: z.string({ error: 'Write the new face value in dollars, such as 500.00.' }).transform((text, ctx) => {
    const cents = parseUsdToCents(text);
    if (cents === null)
      ctx.issues.push({ code: 'custom', message: 'Write the new face value in dollars, such as 500.00.', input: undefined });
    return centsToNano(cents ?? 0n);
  }),
  ownsCredit: z.string({ error: 'Tick this to go on: only credit that is yours can be listed.' }),
});

/** One form of the seller's page: parse by its intent, act once, or answer with the form as it was typed (but a token). */
export async function runIntent(ctx: Ctx, listingId: ListingId, request: Request): Promise<Outcome> {
  const form = await readFormData(request);
  const named = z.enum(intents).safeParse(form.get('intent'));
  if (!named.success) throw errorPage(new DomainError('unknown_button', 'This page has no such button. Reload it and try again.', 400));
  const intent = named.data;
  switch (intent) {
    case 'price':
      return run(intent, form, Price, (value) => changePrice(ctx, { listingId, discountBps: value.discount }));
    case 'pause':
      return run(intent, form, z.object({}), () => pauseListing(ctx, listingId));
    case 'resume':
      return run(intent, form, z.object({}), () => resumeListing(ctx, listingId));
    case 'token':
      return run(intent, form, z.object({ token: ReplicateToken }), ({ token }) => replaceListingToken(ctx, { listingId, token }));
    case 'probe':
      return run(intent, form, z.object({}), () => askForProbe(ctx, listingId));
    case 'withdraw':
      return run(intent, form, z.object({}), () => withdrawListing(ctx, listingId));
    case 'answer':
      return run(intent, form, z.object({ answer: AnswerText }), ({ answer }) => answerReview(ctx, { listingId, answer }));
    case 'raise':
      return run(intent, form, Raise, ({ raiseTo }) => raiseFaceValue(ctx, { listingId, toNano: raiseTo }));
    case 'take_back_raise':
      return run(intent, form, z.object({}), () => takeBackRaise(ctx, listingId));
    case 'resubmit':
      return run(intent, form, termsSchema((await currentPolicy(ctx)).rules, ctx.now), (terms) =>
        resubmitRejected(ctx, { listingId, terms }),
      );
  }
}

async function run<S extends z.ZodType>(
  intent: Intent,
  form: FormData,
  schema: S,
  act: (value: z.output<S>) => Promise<unknown>,
): Promise<Outcome> {
  const submission: Submission<z.input<S>, string[], z.output<S>> = parseWithZod(form, { schema });
  const hidden = { hideFields: ['token'] };
  if (submission.status !== 'success') return { intent, failure: formInvalid(submission, hidden) };
  try {
    await act(submission.value);
    return { done: intent };
  } catch (error) {
    return { intent, failure: formFailure(submission, error, hidden) };
  }
}
