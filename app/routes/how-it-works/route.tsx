import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { HeldMeter } from '~/components';
import { DefinitionList, Link, LinkButton, PageHead, Section, Steps } from '~/components/ui';
import { pageMeta } from '~/pages/head';
import { paths } from '~/paths';
import { currentPolicy } from '~/modules/policy/index.server';
import { requestCtx } from '~/pages/request-context.server';
import { rulesInWords, type RulesInWords } from './rules';
import { selling } from './selling';

export const meta: MetaFunction = () =>
  pageMeta({
    title: 'How it works',
    description: 'How surplus Replicate credit is sold as metered use, what happens to your money, and what happens when a lot fails.',
  });

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requestCtx(args);
  return { rules: rulesInWords((await currentPolicy(ctx)).rules) };
}

export default function HowItWorks() {
  const { rules } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title="How it works"
        lead="Replicate’s prepaid credit cannot be handed over. So a seller lets us use its token, and you send your runs through us: we forward each one, meter what it costs, and stop at the last cent you bought."
      />
      <Section title="If you buy">
        <Steps steps={buying(rules)} />
        <div className="actions space-above-5">
          <LinkButton to={paths.listings()} variant="primary">
            Buy credit
          </LinkButton>
          <Link to={paths.gatewayDocs()}>How to point your client</Link>
        </div>
      </Section>
      <Section title="Where the money is" margin="An example: $100.00 paid, 40% of the credit burned.">
        <HeldMeter earnedCents={4_000n - rules.feeOf40Cents} feeCents={rules.feeOf40Cents} heldCents={6_000n} />
        <p className="prose soft space-above-5">
          It is held until burned. There is no cash balance with us: refunds go to the card that paid. What sellers have earned is booked as
          owed to them; this version of the market does not pay it out yet.
        </p>
      </Section>
      <Section title="What can go wrong">
        <Steps steps={failing(rules)} />
      </Section>
      <Section title="If you sell">
        <Steps steps={selling(rules)} />
        <div className="actions space-above-5">
          <LinkButton to={paths.sellNew()}>List your credit</LinkButton>
        </div>
      </Section>
      <Section title="The rules now" margin="Admins can change them; what was agreed before keeps its own.">
        <DefinitionList facts={rules.facts} />
      </Section>
    </>
  );
}

function buying(rules: RulesInWords) {
  return [
    {
      title: 'Choose',
      text: 'Each lot shows its price per $1, what is left, when it expires, and what is known of it: what the seller declared, when Replicate accepted its token, and what burned on the seller’s lots. We have not seen documents or the balance.',
    },
    { title: 'Pay', text: `By card, from ${rules.minPurchase}. The amount is reserved for you for ${rules.reservation} while you pay.` },
    {
      title: 'Use',
      text: 'You get an access key and a base URL. Put both into the official Replicate client; nothing else in your code changes.',
    },
    {
      title: 'Watch',
      text: 'The wallet shows every run, what it cost at Replicate’s price, and what is left. Several lots make one wallet: the earliest expiry burns first.',
    },
  ];
}

function failing(rules: RulesInWords) {
  return [
    {
      title: 'A lot fails',
      text: `Replicate refuses the token, or its credit is spent. We pause the lot and freeze what you bought from it. The seller has ${rules.mend} to mend it; you may take the refund at once. After that the unburned part is refunded to your card.`,
    },
    {
      title: 'You do not burn it all',
      text: `The settlement day is one day before the credit expires, and at the latest ${rules.maxHold} after the payment. Then the rest of the money goes to the seller. You see the day before you pay.`,
    },
    {
      title: 'A run fails',
      text: 'Failed runs of public models cost nothing. A canceled run of a model priced by time costs the time it used.',
    },
    {
      title: 'Our meter and Replicate’s invoice differ',
      text: 'Replicate has no way to ask what a run cost, so we compute it from its metrics and our dated price list. You pay what our meter says, never more than was set aside for the run.',
    },
    {
      title: 'Somebody reads along',
      text: 'The seller can see inputs and outputs of your runs in its own Replicate dashboard. Do not send what it must not see.',
    },
  ];
}
