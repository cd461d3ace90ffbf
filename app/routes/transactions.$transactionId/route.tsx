import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { HeldMeter, LotBar, StateBadge } from '~/components';
import {
  Breadcrumb,
  DefinitionList,
  DoneMessage,
  Link,
  LinkButton,
  Note,
  PageHead,
  Section,
  SumTable,
  Time,
  Timeline,
} from '~/components/ui';
import { errorPage, orPage, parseForm } from '~/pages/forms.server';
import { computeUnburned } from '~/modules/ledger/flows';
import { burnWindowEnd } from '~/modules/transactions/purchase-amounts';
import { withdrawalEndsAt } from '~/modules/transactions/withdrawal';
import { transactionTransitions } from '~/modules/transactions/transaction-machine';
import { paths } from '~/paths';
import type { Ctx } from '~/platform/context';
import { DomainError } from '~/platform/errors';
import { shortId } from '~/platform/ids';
import { lotName } from '~/platform/lot-name';
import { formatCents, formatNano, formatNanoExact, formatPricePerUsd, shareBps } from '~/platform/money';
import { findTransactionPage } from '~/queries/buying/transaction.server';
import { requireUserCtx } from '~/pages/request-context.server';
import { takeRefundNow } from '~/workflows/failing/take-refund-now.server';
import { withdrawFromContract } from '~/workflows/failing/withdraw-from-contract.server';
import { ConfirmRefund, ConfirmWithdrawal, doneWords, mayTakeRefund } from './confirm-steps';
import { moneyLines, standingOf } from './money-lines';
import { Withdrawal } from './withdrawal';

export const meta: MetaFunction = () => [{ title: 'Purchase · Credit Mart' }];

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requireUserCtx(args);
  const page = await orPage(findTransactionPage(ctx, args.params.transactionId));
  const query = new URL(args.request.url).searchParams;
  return {
    ...page,
    unburnedCents: refundableCents(page),
    withdrawUntilAt: withdrawUntil(ctx, page),
    asked: query.get('ask'),
    done: query.get('done'),
  };
}

/** What a refund of the unburned part would return now, in cents. Open runs may still reduce it. */
function refundableCents({ transaction, grant }: Awaited<ReturnType<typeof findTransactionPage>>): bigint {
  if (!grant || !transactionTransitions.refund.from.some((state) => state === transaction.state)) return 0n;
  return computeUnburned(transaction, grant);
}

/** The end of the buyer's right to withdraw; null when it has passed or does not apply. */
function withdrawUntil(ctx: Ctx, { transaction, paidAt }: Awaited<ReturnType<typeof findTransactionPage>>): Date | null {
  const { state, settlementAt, closingReason, withdrawnAt } = transaction;
  if ((state !== 'delivered' && state !== 'frozen') || closingReason !== null || withdrawnAt || !paidAt || !settlementAt) return null;
  const endsAt = withdrawalEndsAt(paidAt, settlementAt);
  return endsAt > ctx.now ? endsAt : null;
}

const PurchaseForm = z.object({ intent: z.enum(['refund', 'withdraw']) });

export async function action(args: ActionFunctionArgs) {
  const ctx = await requireUserCtx(args);
  const { transaction } = await orPage(findTransactionPage(ctx, args.params.transactionId));
  const submission = await parseForm(args.request, PurchaseForm);
  if (submission.status !== 'success') return redirect(paths.transaction(transaction.id), 303);
  const { intent } = submission.value;
  try {
    await (intent === 'refund' ? takeRefundNow : withdrawFromContract)(ctx, transaction.id);
    return redirect(paths.transaction(transaction.id, { done: intent }), 303);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.status === 404) throw errorPage(error);
    return data({ refusal: error.message }, { status: error.status });
  }
}

export type TransactionPage = ReturnType<typeof useLoaderData<typeof loader>>;

export default function Transaction() {
  const page = useLoaderData<typeof loader>();
  const { transaction, grant, events, refunds, asked, done } = page;
  const result = useActionData<typeof action>();
  const refusal = result && 'refusal' in result ? result.refusal : null;
  if (asked === 'refund' && mayTakeRefund(transaction)) return <ConfirmRefund page={page} refusal={refusal} />;
  if (asked === 'withdraw' && page.withdrawUntilAt !== null && page.unburnedCents > 0n)
    return <ConfirmWithdrawal page={page} refusal={refusal} />;
  const standing = standingOf(transaction, grant);
  const unpaid = ['awaiting_payment', 'expired', 'canceled'].includes(transaction.state);
  return (
    <>
      <PageHead
        above={
          <Breadcrumb
            steps={[{ label: 'Purchases', to: paths.transactions() }, { label: <span className="mono">{shortId(transaction.id)}</span> }]}
          />
        }
        title={`${formatNano(transaction.creditNano)} of credit for ${formatCents(transaction.priceCents)}`}
        lead={
          <>
            {formatPricePerUsd(transaction.discountBps)} per $1, sold by {page.sellerName}.{' '}
            <StateBadge kind="transaction" state={transaction.state} />
          </>
        }
      >
        <Standing page={page} refusal={refusal} />
        <div className="space-above-5">
          <LotBar
            size="card"
            faceNano={transaction.creditNano}
            discountBps={transaction.discountBps}
            {...(grant && { burnedShareBps: shareBps(grant.capturedNano, transaction.creditNano) })}
          />
        </div>
      </PageHead>
      <Section title="Money" margin="In US dollars. Prices exclude tax.">
        {unpaid ? (
          <p>{transaction.state === 'awaiting_payment' ? 'Not paid yet.' : 'Nothing was charged.'}</p>
        ) : (
          <>
            {transaction.refundedCents === 0n && (
              <HeldMeter earnedCents={standing.sellerCents} feeCents={standing.feeCents} heldCents={standing.heldCents} />
            )}
            <div className="space-above-5">
              <SumTable caption="Where the money stands" lines={moneyLines(transaction, standing, refunds)} />
            </div>
          </>
        )}
      </Section>
      <Section title="Credit">
        <DefinitionList
          facts={[
            ...(grant
              ? [
                  { term: 'Burned', value: formatNanoExact(grant.capturedNano), note: `of ${formatNano(grant.creditNano)}` },
                  {
                    term: grant.state === 'frozen' ? 'Frozen' : 'Left to burn',
                    value: formatNanoExact(grant.availableNano),
                    ...(grant.state === 'frozen' && { note: 'cannot be burned now' }),
                    ...(grant.authorizedNano > 0n && { note: `${formatNanoExact(grant.authorizedNano)} set aside for open runs` }),
                  },
                ]
              : []),
            { term: 'Burn by', value: <Time at={burnWindowEnd(transaction.creditExpiresAt)} /> },
            {
              term: 'Settlement day',
              value: transaction.settlementAt ? <Time at={transaction.settlementAt} /> : 'Known once paid',
              note: standing.heldCents > 0n ? 'Money still held then goes to the seller.' : 'No money is held any more.',
            },
            {
              term: 'Lot',
              value: <Link to={paths.listing(transaction.listingId)}>{lotName(page.lot)}</Link>,
              note: shortId(transaction.listingId),
            },
          ]}
        />
      </Section>
      <Withdrawal page={page} />
      <Section title="Timeline" margin="Times are UTC.">
        <Timeline events={events.map((event) => ({ at: event.at, title: event.sentence }))} />
      </Section>
      <DoneMessage done={done} words={doneWords} failed={refusal !== null} />
    </>
  );
}

/** What the buyer can do now, if anything. */
function Standing({ page, refusal }: { page: TransactionPage; refusal: string | null }) {
  const { transaction } = page;
  return (
    <>
      {refusal !== null && (
        <Note tone="fail" role="alert" title="Nothing was changed.">
          {refusal}
        </Note>
      )}
      {transaction.state === 'awaiting_payment' && (
        <div className="actions">
          <LinkButton variant="primary" to={paths.checkout(transaction.checkoutId)}>
            Pay now
          </LinkButton>
        </div>
      )}
      {transaction.state === 'frozen' && transaction.closingReason !== null && (
        <Note title="Your refund is on its way.">It is made when the runs that are still open have ended.</Note>
      )}
      {mayTakeRefund(transaction) && (
        <Note tone="fail" title="This credit is frozen and cannot be burned now.">
          {page.pauseReason} The seller has until {page.mendUntilAt ? <Time at={page.mendUntilAt} /> : 'the end of the check'} to mend it.
          Your money is held: you can wait, or take back what is not burned. If the lot is not mended, that happens by itself.
          <div className="actions space-above-3">
            <LinkButton variant="primary" to={paths.transaction(transaction.id, { ask: 'refund' })}>
              Refund {formatCents(page.unburnedCents)} now…
            </LinkButton>
          </div>
        </Note>
      )}
    </>
  );
}
