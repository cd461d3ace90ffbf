/**
 * Replicate's terms on sharing an account, and what they mean for a seller. Quoted at second hand: two independent audits, of
 * 2026-04-27 and 2026-09-13, quote the clause alike; the vendor's page was not available. Shown where a seller declares the credit and
 * in /terms; the README has the same for operators.
 */
export const replicateTerms = {
  date: '1 Apr 2026',
  clause: '§2.7(c)(iii)',
  quote: 'rent, lease, lend, sell, sublicense … or otherwise make available any Services to any person',
  /** §2.1: the right to use the services is non-transferable. */
  transferClause: '§2.1',
} as const;

/** The clause in one sentence, with date and source. */
export const resaleClause = `Replicate’s terms of ${replicateTerms.date} (${replicateTerms.clause}, as others quote it) forbid customers to “${replicateTerms.quote}”; by ${replicateTerms.transferClause} the right to use them is non-transferable.`;

/** The seller's risk, and what removes it. */
export const resaleRisk =
  'So you need Replicate’s consent in writing. Without it Replicate may close your account, and what is left on it is lost; what buyers have not burned is then refunded, not paid to you.';

/** A run can cost more than the balance: Replicate then charges the difference (prepaid billing since 2025-07-16). */
export const belowZero =
  'A run may end with your balance below zero. Replicate charges the difference to the default card of your account, whether auto-reload is on or off. The part of the balance that stays unsold makes this rare; it does not rule it out.';
