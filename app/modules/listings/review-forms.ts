import { z } from 'zod';
import { reviewReasons, type ReviewReason } from './review-reasons';

const reasonCodes = Object.keys(reviewReasons) as [ReviewReason, ...ReviewReason[]];
export const ReasonCode = z.enum(reasonCodes, { error: 'Choose a reason.' });

const sentence = (error: string) => z.string({ error }).trim().min(1, error).max(2_000, 'At most 2,000 characters.');

export const QuestionText = sentence('Write the question: the seller is mailed exactly this.');
export const RejectionText = sentence('Write what the seller can do about it: it is mailed exactly so.');
export const AnswerText = sentence('Write the answer to the question.');
const SuspensionText = sentence('Write why: the seller is mailed exactly this.');

/** An amount of credit (nano-USD) as the page showed it, in a hidden field. */
const ShownAmount = z
  .string()
  .regex(/^\d{1,18}$/)
  .transform(BigInt);

/** An admin's forms about a listing, distinguished by the button's `intent`. */
export const ListingDecision = z.discriminatedUnion('intent', [
  z.object({
    intent: z.literal('approve'),
    reasonCode: z.string().optional(),
    note: z.string().trim().max(2_000, 'At most 2,000 characters.').optional(),
  }),
  z.object({ intent: z.literal('ask'), reasonCode: z.string().optional(), note: QuestionText }),
  z.object({ intent: z.literal('take_back') }),
  z.object({ intent: z.literal('reject'), reasonCode: ReasonCode, note: RejectionText }),
  z.object({
    intent: z.literal('approve_raise'),
    raiseTo: ShownAmount,
    note: z.string().trim().max(2_000, 'At most 2,000 characters.').optional(),
  }),
  z.object({ intent: z.literal('reject_raise'), raiseTo: ShownAmount, reasonCode: ReasonCode, note: RejectionText }),
  z.object({ intent: z.literal('suspend'), note: SuspensionText }),
  z.object({ intent: z.literal('reinstate'), note: z.string().trim().max(2_000, 'At most 2,000 characters.').optional() }),
]);
export type ListingDecision = z.output<typeof ListingDecision>;
