import { addDays, toDateInput } from '~/platform/dates';

/**
 * Consumers in the EU may withdraw from a contract made at a distance within 14 days (Directive 2011/83/EU, Art. 9). Since 2026-06-19 the
 * site must offer a button for it, a confirming step and a dated acknowledgement (Art. 11a, added by Directive (EU) 2023/2673). We give the
 * right to every buyer, wherever they live.
 */
export const WITHDRAWAL_DAYS = 14;

/**
 * What a buyer declares before paying (Art. 7(3), 8(8) and 16 of the same directive): use may begin at once, and what was burned by the
 * time of a withdrawal is paid for. The purchase keeps the version and the time. A new text gets a new version; old ones stay in
 * docs/withdrawal.md.
 */
export const useNowConsent = {
  version: '2026-11-29',
  text: 'I want to use the credit at once, before my 14 days to withdraw are over. I understand that I pay for what I have burned if I withdraw, and that I can no longer withdraw once all of it is burned or its settlement day has come.',
};

/**
 * The right lasts to the end of the 14th day after the day of the payment, in UTC. It ends earlier on settlement day: then the time in
 * which the credit could be burned is over or the money is the seller's, and the contract has been performed.
 */
export function withdrawalEndsAt(paidAt: Date, settlementAt: Date): Date {
  const payday = new Date(`${toDateInput(paidAt)}T00:00:00.000Z`);
  const lastMoment = addDays(payday, WITHDRAWAL_DAYS + 1);
  return settlementAt < lastMoment ? settlementAt : lastMoment;
}
