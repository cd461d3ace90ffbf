import type { ListingStep } from './listing-machine';
import type { RaiseStep } from './raise-machine';

/** The steps that stand in a listing's reviews. */
export type ReviewedStep =
  | Extract<ListingStep, 'submit' | 'ask' | 'answer' | 'take_back' | 'approve' | 'reject' | 'suspend' | 'reinstate' | 'reinstate_paused'>
  | Exclude<RaiseStep, 'end_raise'>;

/** What the seller reads in the history of a listing. */
export const sellerStepWords: Record<ReviewedStep, string> = {
  submit: 'Submitted for review',
  ask: 'We asked a question',
  answer: 'You answered',
  take_back: 'We took the question back',
  approve: 'Approved: on the market',
  reject: 'Not approved',
  suspend: 'Suspended',
  reinstate: 'Suspension lifted',
  reinstate_paused: 'Suspension lifted, still paused',
  ask_raise: 'You asked to raise the face value',
  take_back_raise: 'You took the raise back',
  approve_raise: 'Raise approved',
  reject_raise: 'Raise not approved',
};

/** What admins read after the name of the person who did it. */
export const adminStepWords: Record<ReviewedStep, string> = {
  submit: 'submitted it',
  ask: 'asked',
  answer: 'answered',
  take_back: 'took the question back',
  approve: 'approved it',
  reject: 'rejected it',
  suspend: 'suspended it',
  reinstate: 'lifted the suspension',
  reinstate_paused: 'lifted the suspension, still paused',
  ask_raise: 'asked to raise the face value',
  take_back_raise: 'took the raise back',
  approve_raise: 'approved the raise',
  reject_raise: 'rejected the raise',
};
