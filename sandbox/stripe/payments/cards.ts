/** Stripe's test cards: the number decides what happens. https://docs.stripe.com/testing */
export interface TestCard {
  number: string;
  brand: 'visa';
  says: string;
  decline?: { code: 'card_declined'; declineCode: 'generic_decline' | 'insufficient_funds'; message: string };
  needsChallenge?: true;
  /** A card whose holder disputes at Stripe; the sandbox only marks it. */
  disputedLater?: true;
}

export const testCards: readonly TestCard[] = [
  { number: '4242424242424242', brand: 'visa', says: 'Payment succeeds' },
  {
    number: '4000000000000002',
    brand: 'visa',
    says: 'Declined by the bank',
    decline: { code: 'card_declined', declineCode: 'generic_decline', message: 'Your card was declined.' },
  },
  {
    number: '4000000000009995',
    brand: 'visa',
    says: 'Declined: insufficient funds',
    decline: { code: 'card_declined', declineCode: 'insufficient_funds', message: 'Your card has insufficient funds.' },
  },
  { number: '4000002500003155', brand: 'visa', says: 'Asks for 3-D Secure', needsChallenge: true },
  { number: '4000002760003184', brand: 'visa', says: 'Always asks for 3-D Secure', needsChallenge: true },
  { number: '4000000000000259', brand: 'visa', says: 'Succeeds; disputed later', disputedLater: true },
];

export const findTestCard = (number: string): TestCard | undefined => testCards.find((card) => card.number === number);

export const authenticationFailure = {
  code: 'payment_intent_authentication_failure',
  message: 'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
} as const;
