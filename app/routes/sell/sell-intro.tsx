import { HeldMeter, LotBarKey } from '~/components';
import { DefinitionList, Link, LinkButton, Note, PageHead, Section, Steps } from '~/components/ui';
import { resaleClause, resaleRisk } from '~/modules/policy/provider-terms';
import { paths } from '~/paths';
import type { RulesInWords } from '../how-it-works/rules';
import { selling } from '../how-it-works/selling';
import { Earnings, type EarningsRow } from '../home/earnings';

/** Explains selling to a reader without listings: earnings, steps, risks. */
export function SellIntro({ words, earnings }: { words: RulesInWords; earnings: readonly EarningsRow[] }) {
  return (
    <>
      <PageHead
        title="Sell the Replicate credit you will not burn"
        lead="Credit that expires unused is worth $0.00. Listed here it earns as buyers use it; you name the discount, and see what you earn before you submit."
      >
        <p className="actions space-above-5">
          <LinkButton to={paths.sellNew()} variant="primary">
            List your credit
          </LinkButton>
          <Link to={paths.listings()}>What others ask for</Link>
        </p>
      </PageHead>
      <Section title="What you earn" margin={`For $1,000.00 of credit, sold and burned in full. Our fee is ${words.fee} of the price.`}>
        <Earnings rows={earnings} />
        <LotBarKey rail="none" weeks={false} reader="seller" />
      </Section>
      <Section title="How it goes">
        <Steps steps={selling(words)} />
      </Section>
      <Section title="Held until burned" margin="An example: a buyer paid $100.00 and has burned 40% of the credit.">
        <HeldMeter earnedCents={4_000n - words.feeOf40Cents} feeCents={words.feeOf40Cents} heldCents={6_000n} />
      </Section>
      <Section title="Before you list">
        <Note tone="near" title="Replicate does not let customers resell its services without its consent.">
          {resaleClause} {resaleRisk} <Link to={paths.terms()}>Terms of selling</Link>
        </Note>
        <div className="space-above-5">
          <DefinitionList
            facts={[
              { term: 'What you need', value: 'A Replicate API token, made for this listing alone, and the day the credit expires' },
              {
                term: 'Who sees it',
                value: 'The token is never shown. Buyers see the name you choose, the amount, the discount and the expiry',
              },
              {
                term: 'New sellers',
                value: `At most ${words.newSeller} on sale at a time; the face value of a lot can be raised as it sells`,
              },
              {
                term: 'Payouts',
                value: 'Not built yet',
                note: 'Your earnings are booked as owed to you. This version of the market does not pay it out.',
              },
            ]}
          />
        </div>
      </Section>
    </>
  );
}
