import type { CardDetails } from '../core/records';
import type { FormTree } from '../http/form';
import { findTestCard } from '../payments/cards';

/** The customer's input. The CVC is checked and never shown again. */
export interface TypedCard {
  number: string;
  expiry: string;
}

export type CardErrors = Partial<Record<'number' | 'expiry' | 'cvc', string>>;

export type CardForm = { ok: true; typed: TypedCard; card: CardDetails } | { ok: false; typed: TypedCard; errors: CardErrors };

const text = (form: FormTree, name: string): string => {
  const value = form[name];
  return typeof value === 'string' ? value.trim().slice(0, 100) : '';
};

export function readCardForm(form: FormTree, now: Date): CardForm {
  const typed = { number: text(form, 'number'), expiry: text(form, 'expiry') };
  const number = typed.number.replaceAll(/[\s-]/g, '');
  const expiry = readExpiry(typed.expiry);
  const errors: CardErrors = {
    ...withError('number', numberError(number)),
    ...withError('expiry', expiryError(typed.expiry, expiry, now)),
    ...withError('cvc', cvcError(text(form, 'cvc'))),
  };
  if (Object.keys(errors).length > 0 || expiry === undefined) return { ok: false, typed, errors };
  return { ok: true, typed, card: { number, expMonth: expiry.month, expYear: expiry.year } };
}

const withError = (field: keyof CardErrors, error: string | undefined): CardErrors => (error === undefined ? {} : { [field]: error });

function numberError(number: string): string | undefined {
  if (number === '') return 'Enter a card number.';
  if (!/^\d+$/.test(number)) return 'A card number has digits only.';
  if (!/^\d{13,19}$/.test(number) || !passesLuhn(number)) return 'This is not a complete card number.';
  return findTestCard(number) === undefined ? 'Use one of the test cards listed below; the sandbox takes no others.' : undefined;
}

function passesLuhn(number: string): boolean {
  const sum = [...number].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** `12/34`, `12 / 2034` or `1234`. */
function readExpiry(typed: string): { month: number; year: number } | undefined {
  const match = /^(\d{1,2})\s*[/\-. ]\s*(\d{2}|\d{4})$/.exec(typed) ?? /^(\d{2})(\d{2}|\d{4})$/.exec(typed);
  if (match === null) return undefined;
  const month = Number(match[1]);
  const year = Number(match[2]);
  return month >= 1 && month <= 12 ? { month, year: year < 100 ? 2000 + year : year } : undefined;
}

function expiryError(typed: string, expiry: { month: number; year: number } | undefined, now: Date): string | undefined {
  if (typed === '') return 'Enter the month and year the card expires, such as 12/34.';
  if (expiry === undefined) return 'Write the expiry as month and year, such as 12/34.';
  const firstInvalidDay = Date.UTC(expiry.year, expiry.month, 1);
  return firstInvalidDay <= now.getTime() ? 'This card has expired; use a month that lies ahead, such as 12/34.' : undefined;
}

function cvcError(cvc: string): string | undefined {
  if (cvc === '') return 'Enter the three digits on the back of the card.';
  return /^\d{3}$/.test(cvc) ? undefined : 'The CVC has three digits.';
}
