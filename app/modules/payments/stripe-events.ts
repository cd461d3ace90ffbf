/** The events that something is done about. All others are kept and left at that: Stripe tells of each payment in four ways. */
const subjects: Record<string, 'session' | 'refund'> = {
  'checkout.session.completed': 'session',
  'checkout.session.expired': 'session',
  'checkout.session.async_payment_succeeded': 'session',
  'refund.created': 'refund',
  'refund.updated': 'refund',
  'refund.failed': 'refund',
};

/** What an event of this type asks us to look at; null for one that changes nothing here. */
export function eventSubject(eventType: string): 'session' | 'refund' | null {
  return subjects[eventType] ?? null;
}

/** What the endpoint at Stripe asks for: any other event costs a request, and nothing is done about it. */
export const eventsActedOn = Object.keys(subjects);
