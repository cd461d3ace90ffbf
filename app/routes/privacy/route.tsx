import type { MetaFunction } from '@remix-run/node';
import { pageMeta } from '~/pages/head';
import { DefinitionList, PageHead, Section } from '~/components/ui';

export const meta: MetaFunction = () =>
  pageMeta({ title: 'Privacy', description: 'What Credit Mart keeps about you, who else sees something, and its cookies.' });

const kept = [
  {
    term: 'Your account',
    value: 'Name, address, when it was verified, which terms you accepted and when.',
    note: 'The password only as an argon2id hash; sign-in sessions and mail links only as SHA-256.',
  },
  {
    term: 'Purchases and sales',
    value: 'Amounts, prices, states, times, and Stripe’s ids.',
    note: 'Card numbers go to Stripe and never reach us.',
  },
  {
    term: 'Runs',
    value: 'Model, times, cost, metrics and state.',
    note: 'The answer of a run for an hour after its end, for repeated polls; then it is removed.',
  },
  {
    term: 'Sellers’ tokens',
    value: 'Sealed with AES-256-GCM. Opened only to call Replicate.',
    note: 'Destroyed when the listing has ended and nothing on it is open.',
  },
  { term: 'Access keys', value: 'Visible to you until you say you saved it, at most 24 hours; from then on only a hash.' },
  { term: 'Decisions', value: 'Who did what, in a log that cannot be changed afterwards.' },
  {
    term: 'Typed before signing in',
    value: 'For 25 hours: amounts and a message to a seller, so that you find them again. Never a token.',
  },
  {
    term: 'Unpaid purchases',
    value: 'With each checkout a hash of the network it was started from, so that one network cannot reserve the whole market.',
  },
  { term: 'Attempts', value: 'Counters against guessing and flooding, by hashed address and client; they expire.' },
];

const others = [
  {
    term: 'Sellers',
    value:
      'See inputs and outputs of runs on their lots in their own Replicate dashboard, what was bought and burned, and your offers with the message you write.',
    note: 'Not your name and not your address: to each seller you are “Buyer” and six letters, the same each time, others for every other seller.',
  },
  {
    term: 'Buyers',
    value:
      'See the name you chose for your listings, since when you are here, and how much was burned on your lots, and how many of them failed.',
  },
  { term: 'Replicate', value: 'Receives the runs, under the seller’s account.' },
  { term: 'Stripe', value: 'Receives your payment: the card, your address and the amount. Nothing about sellers.' },
  { term: 'Admins', value: 'See accounts, listings and payments to review and to settle. They never see a token or a password.' },
];

export default function Privacy() {
  return (
    <>
      <PageHead title="Privacy" lead="What we keep, who else sees something, and the four cookies." />
      <Section title="What we keep">
        <DefinitionList facts={kept} />
      </Section>
      <Section title="Who sees what">
        <DefinitionList facts={others} />
      </Section>
      <Section title="Cookies" margin="No tracking, no third party.">
        <DefinitionList
          facts={[
            { term: 'sign_in', value: 'Who you are, until you sign out or 30 days after the last visit.' },
            {
              term: 'browser',
              value:
                'For a year after you sign up or in: lets the link we mail you sign you in, and lets you sign in while somebody else types wrong passwords for your account.',
            },
            {
              term: 'mailed_to',
              value: 'For a day after a form had mail sent: to which address, so that the next page can name it and send it again.',
            },
            { term: 'theme', value: 'Light or dark, if you chose.' },
          ]}
        />
      </Section>
    </>
  );
}
