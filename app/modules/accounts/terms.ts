/** The version of the terms in force; accepted at sign-up, at checkout and with each listing. Change it with the page. */
export const TERMS_VERSION = '2026-11-29';

export type TermsOccasion = 'sign_up' | 'checkout' | 'listing';
