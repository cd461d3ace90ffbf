import { reviewReasons, type ReviewReason } from '~/modules/listings/review-reasons';
import { ruleLabels, type RuleName } from '~/modules/policy/rule-words';
import { formatCents, formatNano, formatPercent } from '~/platform/money';

/** Audit log records as sentences. */
export const actionWords: Record<string, string> = {
  'listing.submitted': 'submitted a listing',
  'listing.resubmitted': 'submitted a listing again',
  'listing.approve': 'approved a listing',
  'listing.ask': 'asked the seller something',
  'listing.answered': 'answered a question',
  'listing.take_back': 'took a question back',
  'listing.reject': 'rejected a listing',
  'listing.suspend': 'suspended a listing',
  'listing.reinstate': 'lifted the suspension of a listing',
  'listing.reinstate_paused': 'lifted the suspension of a paused listing',
  'listing.ask_raise': 'asked to raise a face value',
  'listing.take_back_raise': 'took a raise back',
  'listing.approve_raise': 'approved a raise',
  'listing.reject_raise': 'rejected a raise',
  'listing.price_changed': 'changed a price',
  'listing.paused': 'paused a listing',
  'listing.resumed': 'resumed a listing',
  'listing.withdrawn': 'withdrew the unsold part',
  'listing.check_failed': 'found a check failed',
  'listing.check_passed': 'found a check passed',
  'listing.failed': 'declared a lot failed',
  'listing.lapse': 'withdrew an idle listing',
  'listing.expire': 'ended selling before expiry',
  'listing.token_replaced': 'replaced a token',
  'listing.token_destroyed': 'destroyed a token',
  'policy.published': 'published new rules',
  'purchase.withdrawn': 'withdrew from a contract',
  'user.verified': 'verified an address',
  'user.invited': 'invited an admin',
  'user.promoted': 'made a user an admin',
  'user.suspended': 'suspended a person',
  'user.reinstated': 'reinstated a person',
  'user.password_reset': 'chose a new password',
  'user.settings_changed': 'changed settings',
};

/** An action in words. An action without an entry is shown by its name, without dots and underscores. */
export function actionInWords(action: string): string {
  return actionWords[action] ?? action.replace(/[._]/g, ' ');
}

const factLabels: Record<string, string> = {
  face: 'face value',
  fromBps: 'from',
  toBps: 'to',
  discountBps: 'discount',
  withdrawnNano: 'withdrawn',
};

/** The other values of a record, in their units: "discount: 45.0% · face value: $500.00". */
export function factsInWords(facts: Record<string, string>): string {
  return Object.entries(facts)
    .sort(([a], [b]) => placeOf(a) - placeOf(b))
    .map(([name, value]) => `${fieldLabel(name)}: ${formatValue(name, value)}`)
    .join(' · ');
}

/** The database forgets in which order facts were written: "from" stands before "to" again, and both before the rest. */
function placeOf(name: string): number {
  return /^from/.test(name) ? 0 : /^to(?![a-z])/.test(name) ? 1 : 2;
}

function fieldLabel(name: string): string {
  if (Object.hasOwn(ruleLabels, name)) return ruleLabels[name as RuleName][0];
  return factLabels[name] ?? name.replace(/(Bps|Nano|Cents)$/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function formatValue(name: string, value: string): string {
  if (name === 'reason' && Object.hasOwn(reviewReasons, value)) return reviewReasons[value as ReviewReason];
  if (!/^-?\d+$/.test(value)) return value;
  if (name.endsWith('Bps')) return formatPercent(Number(value));
  if (name.endsWith('Nano')) return formatNano(BigInt(value));
  return name.endsWith('Cents') ? formatCents(BigInt(value)) : value;
}
