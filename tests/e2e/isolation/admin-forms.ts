import { firstRules } from '~/modules/policy/policy-rules';
import { paths } from '~/paths';
import { ruleTexts } from '~/routes/admin.policy/policy-form';
import type { Cast } from './cast';
import type { Body, FormRows, Post } from './post';
import { adminsOnly } from './roles';

/** A button on the admin's page. */
function decision(intent: string, listing: (cast: Cast) => string, more: Body = {}): Post {
  return { what: intent, at: (cast) => paths.admin.listing(listing(cast)), body: () => ({ intent, ...more }), gets: adminsOnly('done') };
}

function aboutPerson(intent: string, person: (cast: Cast) => string): Post {
  return {
    what: intent,
    at: (cast) => paths.admin.user(person(cast)),
    body: () => ({ intent, reason: 'A test.' }),
    gets: adminsOnly('done'),
  };
}

/** Forms of admins. */
export const adminForms: FormRows = {
  'routes/admin.policy/route': [
    {
      what: 'publish',
      at: () => paths.admin.policy(),
      body: () => ({
        basedOn: '1',
        note: 'A test.',
        confirmed: 'yes',
        ...ruleTexts(firstRules),
      }),
      gets: adminsOnly('done'),
    },
  ],
  'routes/admin.users.$userId/route': [
    aboutPerson('suspend', (cast) => cast.toSuspend.id),
    aboutPerson('reinstate', (cast) => cast.toReinstate.id),
    // An admin cannot decide on their own account.
    { ...aboutPerson('suspend', (cast) => cast.people.admin.id), what: 'suspend oneself', gets: adminsOnly(422) },
    { ...aboutPerson('reinstate', (cast) => cast.people.other.id), what: 'reinstate who is not suspended', gets: adminsOnly(409) },
  ],
  'routes/admin.listings.$listingId/route': [
    decision('approve', (cast) => cast.lots.toApprove.id),
    decision('ask', (cast) => cast.lots.toAsk.id, { note: 'Where is it from?' }),
    decision('take_back', (cast) => cast.lots.askedToTakeBack.id),
    decision('reject', (cast) => cast.lots.toReject.id, { reasonCode: 'other', note: 'Not like this.' }),
    decision('approve_raise', (cast) => cast.lots.raisedToApprove.id, { raiseTo: '420000000000' }),
    decision('reject_raise', (cast) => cast.lots.raisedToReject.id, {
      raiseTo: '420000000000',
      reasonCode: 'other',
      note: 'Not like this.',
    }),
    decision('suspend', (cast) => cast.lots.toSuspend.id, { note: 'Held for a look.' }),
    decision('reinstate', (cast) => cast.lots.suspended.id),
    // An admin cannot decide on their own listing.
    { ...decision('approve', (cast) => cast.adminsLot.id), what: 'approve an own listing', gets: adminsOnly(403) },
  ],
};
