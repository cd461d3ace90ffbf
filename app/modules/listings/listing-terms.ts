import { z } from 'zod';
import { addDays, formatDate, parseDateInput } from '~/platform/dates';
import { centsToNano, formatCents, formatNano, formatPercent, parsePercentToBps, parseUsdToCents, usdNano } from '~/platform/money';
import { newListingCap, type NewSellerRoom } from './new-seller-cap';
import { smallestPurchaseNano } from './listing-preview';

/** What a seller sets. Amounts are face value. */
export interface ListingTerms {
  faceNano: bigint;
  discountBps: number;
  /** 00:00 UTC of the day the seller names. */
  creditExpiresAt: Date;
  /** The seller's own smallest purchase. */
  minNano: bigint;
}

/** The market's rules that bear on a listing's terms. */
export interface TermsRules {
  minDiscountBps: number;
  maxDiscountBps: number;
  tailGuardCents: number;
  minPurchaseCents: number;
  minDaysLeft: number;
}

/** The form's fields for the terms, by name. */
export type TermsField = 'faceValue' | 'discount' | 'expiresOn' | 'minimum';

export interface TermsProblem {
  field: TermsField;
  message: string;
}

export const maxFaceNano = usdNano(1_000_000);
/** Replicate's prepaid credit is valid for one year (docs/money.md#the-legal-frame); a week more for clocks and time zones. */
const maxDaysAhead = 372;

/** The terms that break a rule of the market, each with its field. Terms that could not be read are skipped. */
export function termsProblems(terms: Partial<ListingTerms>, rules: TermsRules, now: Date): TermsProblem[] {
  const problems: (TermsProblem | null)[] = [
    terms.discountBps === undefined ? null : discountProblem(terms.discountBps, rules),
    terms.creditExpiresAt === undefined ? null : expiryProblem(terms.creditExpiresAt, rules, now),
    terms.faceNano === undefined ? null : faceProblem(terms.faceNano, terms.discountBps ?? rules.minDiscountBps, rules),
    terms.minNano === undefined ? null : minimumProblem(terms.minNano, terms.faceNano, rules),
  ];
  return problems.filter((problem) => problem !== null);
}

function discountProblem(bps: number, rules: TermsRules): TermsProblem | null {
  if (bps >= rules.minDiscountBps && bps <= rules.maxDiscountBps) return null;
  return {
    field: 'discount',
    message: `Discounts on this market run from ${formatPercent(rules.minDiscountBps)} to ${formatPercent(rules.maxDiscountBps)}.`,
  };
}

function expiryProblem(at: Date, rules: TermsRules, now: Date): TermsProblem | null {
  const earliest = addDays(now, rules.minDaysLeft);
  const latest = addDays(now, maxDaysAhead);
  if (at <= earliest)
    return {
      field: 'expiresOn',
      message: `Credit is sold until ${rules.minDaysLeft} days before it expires: enter a day after ${formatDate(earliest)}.`,
    };
  if (at > latest) return { field: 'expiresOn', message: `Prepaid credit lasts one year: enter a day up to ${formatDate(latest)}.` };
  return null;
}

function faceProblem(faceNano: bigint, discountBps: number, rules: TermsRules): TermsProblem | null {
  const tail = centsToNano(BigInt(rules.tailGuardCents));
  const bps = Math.min(discountBps, rules.maxDiscountBps);
  const least = tail + smallestPurchaseNano(0n, bps, rules.minPurchaseCents);
  if (faceNano > maxFaceNano) return { field: 'faceValue', message: `One listing holds up to ${formatNano(maxFaceNano)}.` };
  if (faceNano >= least) return null;
  const why = `the last ${formatNano(tail)} are not sellable and the smallest purchase is ${formatCents(BigInt(rules.minPurchaseCents))}`;
  return { field: 'faceValue', message: `Enter at least ${formatNano(least)}: ${why}.` };
}

function minimumProblem(minNano: bigint, faceNano: bigint | undefined, rules: TermsRules): TermsProblem | null {
  if (minNano <= 0n) return { field: 'minimum', message: 'Enter the smallest amount of credit one may buy, such as 10.00.' };
  if (faceNano === undefined) return null;
  const sellable = faceNano - centsToNano(BigInt(rules.tailGuardCents));
  if (minNano <= sellable || sellable <= 0n) return null;
  return { field: 'minimum', message: `At most what is on sale: ${formatNano(sellable)}.` };
}

export type TermsText = Partial<Record<TermsField, string | undefined>>;

/** Parses the form's fields. Returns the terms and all problems: unreadable texts and broken rules. */
export function readTerms(text: TermsText, rules: TermsRules, now: Date): { terms: Partial<ListingTerms>; problems: TermsProblem[] } {
  const terms: Partial<ListingTerms> = {};
  const unread: TermsProblem[] = [];
  const face = parseUsdToCents(text.faceValue ?? '');
  if (face === null) unread.push({ field: 'faceValue', message: 'Write the balance in dollars, such as 500.00.' });
  else terms.faceNano = centsToNano(face);
  const bps = parsePercentToBps(text.discount ?? '');
  if (bps === null) unread.push({ field: 'discount', message: 'Write the discount in percent, such as 45.' });
  else terms.discountBps = bps;
  const at = parseDateInput(text.expiresOn ?? '');
  if (at === null) unread.push({ field: 'expiresOn', message: 'Enter the day as year-month-day, such as 2027-04-30.' });
  else terms.creditExpiresAt = at;
  const min = parseUsdToCents(text.minimum ?? '');
  if (min === null) unread.push({ field: 'minimum', message: 'Write the smallest purchase in dollars of credit, such as 10.00.' });
  else terms.minNano = centsToNano(min);
  return { terms, problems: [...unread, ...termsProblems(terms, rules, now)] };
}

/** What is posted in each field: a cap on its size. The rules above say what is wrong with it. */
const figure = z.string().trim().max(60).optional();
export const termsFields = { faceValue: figure, discount: figure, expiresOn: figure, minimum: figure } satisfies Record<
  TermsField,
  z.ZodType
>;

/** The schema of an edited listing's form: parses the terms and checks the market's rules. */
export function termsSchema(rules: TermsRules, now: Date) {
  return z.object(termsFields).transform((fields, ctx) => termsOrIssues(fields, rules, now, ctx));
}

function termsOrIssues(fields: TermsText, rules: TermsRules, now: Date, ctx: z.core.$RefinementCtx): ListingTerms {
  const { terms, problems } = readTerms(fields, rules, now);
  for (const problem of problems) ctx.issues.push({ code: 'custom', path: [problem.field], message: problem.message, input: undefined });
  const { faceNano, discountBps, creditExpiresAt, minNano } = terms;
  if (faceNano === undefined || discountBps === undefined || creditExpiresAt === undefined || minNano === undefined) return z.NEVER;
  return { ...terms, faceNano, discountBps, creditExpiresAt, minNano };
}

/** Shows a new seller the largest face value before submitting. */
function capProblems(faceNano: bigint | undefined, room: NewSellerRoom | null): TermsProblem[] {
  if (!room || faceNano === undefined || faceNano <= (room.mostFaceNano ?? 0n)) return [];
  return [{ field: 'faceValue', message: newListingCap(room) }];
}

/** The schema of a preview: checks filled fields only, and requires amount and discount. */
export function previewSchema(rules: TermsRules, now: Date, room: NewSellerRoom | null) {
  return z.object(termsFields).transform((fields, ctx) => {
    const { terms, problems } = readTerms(fields, rules, now);
    for (const { field, message } of [...problems, ...capProblems(terms.faceNano, room)]) {
      const typed = fields[field] !== undefined && fields[field] !== '';
      if (typed || field === 'faceValue' || field === 'discount')
        ctx.issues.push({ code: 'custom', path: [field], message, input: undefined });
    }
    return fields;
  });
}

const tokenPattern = /^r8_[A-Za-z0-9]{37}$/;

/** A Replicate token by its shape. Whether it is valid only Replicate can say. */
export const ReplicateToken = z
  .string({ error: 'Paste the token: 40 characters that begin with r8_.' })
  .trim()
  .refine((token) => tokenPattern.test(token), {
    error: (issue) =>
      `This text has ${String(issue.input).trim().length} characters. A Replicate token has 40 letters and digits and begins with r8_.`,
  });

/** The schema of a new listing's form. It reports the problems of all fields at once. */
export function newListingSchema(rules: TermsRules, now: Date) {
  return z
    .object({ ...termsFields, token: z.string().optional(), ownsCredit: z.union([z.boolean(), z.string()]).optional() })
    .transform((fields, ctx) => {
      const terms = termsOrIssues(fields, rules, now, ctx);
      const token = ReplicateToken.safeParse(fields.token);
      for (const issue of token.error?.issues ?? [])
        ctx.issues.push({ code: 'custom', path: ['token'], message: issue.message, input: undefined });
      if (!fields.ownsCredit)
        ctx.issues.push({
          code: 'custom',
          path: ['ownsCredit'],
          message: 'Tick this to go on: only credit that is yours can be listed.',
          input: undefined,
        });
      return token.success ? { ...terms, token: token.data, ownsCredit: true as const } : z.NEVER;
    });
}
