/** Event types that we act on. Others are only stored: Stripe reports each payment in four ways. */
const subjects: Record<string, 'session' | 'refund'> = {
  'checkout.session.completed': 'session',
  'checkout.session.expired': 'session',
  'checkout.session.async_payment_succeeded': 'session',
  'refund.created': 'refund',
  'refund.updated': 'refund',
  'refund.failed': 'refund',
};

/** What an event of this type asks us to check; null if it needs no action. */
export function eventSubject(eventType: string): 'session' | 'refund' | null {
  return subjects[eventType] ?? null;
}

/** Event types for the endpoint's settings at Stripe. Any other type costs a request for nothing. */
export const eventsActedOn = Object.keys(subjects);
