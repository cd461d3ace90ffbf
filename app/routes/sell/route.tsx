import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Badge, EmptyState, LinkButton, Note, PageHead, Pager, Section, Stat, Stats, Time } from '~/components/ui';
import { currentPolicy } from '~/modules/policy/index.server';
import { paths } from '~/paths';
import { isId } from '~/platform/ids';
import { formatCents, formatNano } from '~/platform/money';
import { sellerPage } from '~/queries/sell.server';
import { requireVerifiedCtx } from '~/request-context.server';
import { SellerListings } from './seller-listings';

export const meta: MetaFunction = () => [{ title: 'Sell · Credit Mart' }];

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requireVerifiedCtx(args);
  const after = new URL(args.request.url).searchParams.get('after');
  const { rules } = await currentPolicy(ctx);
  return {
    ...(await sellerPage(ctx, ctx.userId, isId('listing', after) ? after : null, rules.feeBps)),
    idleDays: rules.idleDays,
  };
}

export default function Sell() {
  const { listings, totals, counts, nextAfter, idleDays, mendUntilAt } = useLoaderData<typeof loader>();
  if (counts.listings === 0) return <NothingListed />;
  return (
    <>
      <PageHead title={`${formatCents(totals.earnedCents)} earned`} lead={leadOf(totals.toComeCents)}>
        <p className="actions mt-6">
          <LinkButton to={paths.sellNew()} variant="primary">
            New listing
          </LinkButton>
          <LinkButton to={paths.sellOffers()}>Offers {counts.offers > 0 && <Badge tone="ink">{counts.offers}</Badge>}</LinkButton>
        </p>
        <Stats className="mt-6">
          <Stat label="Vested" value={formatCents(totals.earnedCents)} note={`after the fee of ${formatCents(totals.feeCents)}`} />
          <Stat label="Held until burned" value={formatCents(totals.heldCents)} note={heldNote(totals)} />
          <Stat label="Burned" value={formatNano(totals.burnedNano)} note={`of ${formatNano(totals.soldNano)} sold`} tone="burn" />
          <Stat label="Unsold" value={formatNano(totals.unsoldNano)} note={`worth ${formatCents(totals.unsoldWorthCents)} to you`} />
          <Stat label="In review" value={counts.inReview} note={counts.inReview === 1 ? 'listing' : 'listings'} />
        </Stats>
        {totals.frozenCents > 0n && (
          <Note tone="fail" className="mt-6" title={`${formatCents(totals.frozenCents)} of the held money is frozen.`}>
            {mendUntilAt ? (
              <>
                It goes back to its buyers, not to you, unless the lot works again before <Time at={mendUntilAt} />. Open the lot below to
                mend it.
              </>
            ) : (
              'It is refunded to buyers when their open runs have ended.'
            )}
          </Note>
        )}
        {counts.needYou > 0 && (
          <Note
            tone="near"
            className="mt-6"
            title={counts.needYou === 1 ? 'One listing waits for you.' : `${counts.needYou} listings wait for you.`}
          >
            Open it below: we asked a question or did not approve it. It is withdrawn after {idleDays} days without you.
          </Note>
        )}
      </PageHead>
      <Section title="Listings" margin="Newest first.">
        <SellerListings listings={listings} totals={nextAfter === null && listings.length === counts.listings ? totals : null} />
        <p className="muted mt-6">
          <small>{sumSentence(totals)}</small>
        </p>
        {nextAfter !== null && <Pager nextTo={paths.sell({ after: nextAfter })}>50 to a page</Pager>}
      </Section>
    </>
  );
}

function leadOf(toComeCents: bigint): string {
  if (toComeCents === 0n) return 'Nothing is held for you right now. Money comes as buyers burn what they bought.';
  return `Another ${formatCents(toComeCents)} comes to you when buyers burn what they have bought.`;
}

function heldNote({ toComeCents, frozenCents }: { toComeCents: bigint; frozenCents: bigint }): string {
  const frozen = frozenCents > 0n ? `, ${formatCents(frozenCents)} is frozen` : '';
  return `yours after the fee: ${formatCents(toComeCents)}${frozen}`;
}

function sumSentence(totals: {
  paidCents: bigint;
  earnedCents: bigint;
  feeCents: bigint;
  heldCents: bigint;
  refundedCents: bigint;
}): string {
  const refunded = totals.refundedCents > 0n ? ` + ${formatCents(totals.refundedCents)} refunded` : '';
  return `${formatCents(totals.paidCents)} paid = ${formatCents(totals.earnedCents)} earned + ${formatCents(totals.feeCents)} fee + ${formatCents(totals.heldCents)} held${refunded}.`;
}

function NothingListed() {
  return (
    <EmptyState
      as="h1"
      title="You have nothing on sale"
      action={
        <LinkButton to={paths.sellNew()} variant="primary">
          List unused credit
        </LinkButton>
      }
    >
      Credit that expires unused is worth $0.00. Listed at 45.0% off, $1,000.00 of it brings you $495.00 as it burns. It takes about three
      minutes, and you see what you earn before you submit.
    </EmptyState>
  );
}
