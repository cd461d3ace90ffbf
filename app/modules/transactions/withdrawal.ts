import { addDays, toDateInput } from '~/platform/dates';

/**
 * Consumers in the EU may withdraw from a distance contract within 14 days (Directive 2011/83/EU, Art. 9). Since 2026-06-19 a site must
 * offer a button, a confirming step and a dated acknowledgement (Art. 11a, added by Directive (EU) 2023/2673). All buyers get this
 * right.
 */
export const WITHDRAWAL_DAYS = 14;

/**
 * What a buyer declares before paying (Art. 7(3), 8(8) and 16 of the same directive): use may begin at once, and credit burned before a
 * withdrawal is paid for. The purchase stores version and time. Old texts stay in docs/withdrawal.md.
 */
export const useNowConsent = {
  version: '2026-11-29',
  text: 'I want to use the credit at once, before my 14 days to withdraw are over. I understand that I pay for what I have burned if I withdraw, and that I can no longer withdraw once all of it is burned or its settlement day has come.',
};

/**
 * The right lasts until the end of the 14th day after the payment, in UTC. It ends earlier on settlement day, since the contract has
 * been performed then.
 */
export function withdrawalEndsAt(paidAt: Date, settlementAt: Date): Date {
  const payday = new Date(`${toDateInput(paidAt)}T00:00:00.000Z`);
  const lastMoment = addDays(payday, WITHDRAWAL_DAYS + 1);
  return settlementAt < lastMoment ? settlementAt : lastMoment;
}
