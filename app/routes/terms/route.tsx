import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Link, PageHead, Section } from '~/components/ui';
import { TERMS_VERSION } from '~/modules/accounts/terms';
import { currentPolicy } from '~/modules/policy/index.server';
import { belowZero, resaleClause, resaleRisk } from '~/modules/policy/provider-terms';
import { WITHDRAWAL_DAYS } from '~/modules/transactions/withdrawal';
import { pageMeta } from '~/pages/head';
import { paths } from '~/paths';
import { requestCtx } from '~/pages/request-context.server';
import { rulesInWords } from '../how-it-works/rules';

export const meta: MetaFunction = () =>
  pageMeta({ title: 'Terms', description: 'The rules of Credit Mart for buyers and sellers of Replicate credit.' });

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requestCtx(args);
  return { rules: rulesInWords((await currentPolicy(ctx)).rules) };
}

export default function Terms() {
  const { rules } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title="Terms"
        lead={`Version ${TERMS_VERSION}. You accept them when you create an account, and again when you buy or list; we keep which version, and when.`}
      />
      <Section title="What is sold">
        <div className="prose">
          <p>
            Metered use of credit that a seller has prepaid at Replicate. The credit itself stays in the seller’s Replicate account: it
            cannot be transferred or split. You buy the right to have runs forwarded with it, up to the face value you bought, until the end
            of the burn window.
          </p>
          <p>
            Credit Mart is independent of Replicate. Replicate’s own terms apply to what you run. An operator of this market has to clear
            its use with Replicate and with Stripe before it takes real money.
          </p>
        </div>
      </Section>
      <Section title="Price and payment">
        <div className="prose">
          <p>
            Prices are in US dollars and exclude tax. Credit Mart sells to the buyer and charges the card once, through Stripe. A reserved
            price does not change.
          </p>
          <p>
            Your payment is held until burned: it becomes the seller’s, less our fee of {rules.fee} of the price, in the proportion in which
            you burn the credit. There is no cash balance with us. A wallet holds rights to lots, never money; it cannot be cashed.
          </p>
        </div>
      </Section>
      <Section title="Refunds">
        <div className="prose">
          <p>
            When a lot fails, the unburned part of what you paid is refunded, to the card that paid and nowhere else. A lot fails when
            Replicate refuses the seller’s token, its credit is spent or spent elsewhere, and the seller has not mended it within{' '}
            {rules.mend}. During that time you may take the refund at once.
          </p>
          <p>
            The promise lasts until the settlement day: one day before the credit expires, and at the latest {rules.maxHold} after the
            payment. What is unburned then goes to the seller, and is not refunded: it was reserved for you. The day is shown before you pay
            and on each <Link to={paths.transactions()}>transaction</Link>.
          </p>
          <p>Credit that was burned is not refunded.</p>
        </div>
      </Section>
      <Section title="Withdrawal">
        <div className="prose">
          <p>
            You may withdraw from a purchase within {WITHDRAWAL_DAYS} days of paying, without a reason: on its page under{' '}
            <Link to={paths.transactions()}>Purchases</Link>, with “Withdraw from contract here” and a second step. You get an
            acknowledgement with date and time by mail.
          </p>
          <p>
            You pay for what you have burned; the unburned part goes back to the card that paid. The right ends when all of it is burned,
            and on the settlement day. Before paying you declare that use may begin at once: otherwise the credit could not be used before
            the {WITHDRAWAL_DAYS} days are over.
          </p>
        </div>
      </Section>
      <Section title="Metering">
        <div className="prose">
          <p>
            A run costs what our dated <Link to={`${paths.gatewayDocs()}#prices`}>price list</Link> and the metrics that Replicate reports
            say. Replicate does not publish the cost of a run, so it can differ from Replicate’s invoice to the seller; between us, our
            meter counts.
          </p>
        </div>
      </Section>
      <Section title="If you sell">
        <div className="prose">
          <p>
            You declare that you own the credit, that you have Replicate’s consent in writing to let others use it, and that automatic
            reload is off. You keep the token valid and do not spend the listed credit elsewhere until it is burned or withdrawn.
          </p>
          <p>
            {resaleClause} {resaleRisk}
          </p>
          <p>{belowZero}</p>
          <p>
            You earn as buyers burn, and what is left on the settlement day. What cannot be burned before is refunded to the buyer and not
            earned by you. Earnings are booked as owed to you. This version of the market does not pay them out yet: the operator pays what
            it owes you by other means.
          </p>
          <p>
            You can see inputs and outputs of buyers’ runs in your Replicate dashboard. You use them for nothing but running your account.
          </p>
        </div>
      </Section>
      <Section title="What is not allowed">
        <div className="prose">
          <p>
            Credit that is not yours or must not be shared. Buying from your own listing. Runs that break Replicate’s terms or the law.
            Working around limits or the meter. We may refuse or suspend a listing or an account, with the reason in a mail; money already
            paid is then settled by the rules above.
          </p>
        </div>
      </Section>
    </>
  );
}
