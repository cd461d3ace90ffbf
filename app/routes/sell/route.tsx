import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Badge, LinkButton, Note, PageHead, Pager, Section, Stat, Stats, Time } from '~/components/ui';
import { pageMeta } from '~/pages/head';
import { paths } from '~/paths';
import { isId } from '~/platform/ids';
import { formatCents, formatNano } from '~/platform/money';
import { computeEarnings } from '~/queries/market/home.server';
import { shownPolicy } from '~/queries/market/market-cache.server';
import { sellerPage } from '~/queries/selling/sell.server';
import { requestCtx } from '~/pages/request-context.server';
import { rulesInWords } from '../how-it-works/rules';
import { SellIntro } from './sell-intro';
import { SellerListings } from './seller-listings';

export const meta: MetaFunction = () =>
  pageMeta({ title: 'Sell Replicate credit', description: 'List prepaid Replicate credit you will not burn, and earn as buyers use it.' });

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requestCtx(args);
  const { rules } = await shownPolicy(ctx);
  const intro = { words: rulesInWords(rules), earnings: computeEarnings(rules) };
  if (ctx.actor.kind !== 'user') return { intro, own: null };
  const after = new URL(args.request.url).searchParams.get('after');
  const page = await sellerPage(ctx, ctx.actor.userId, isId('listing', after) ? after : null, rules.feeBps);
  return { intro, own: page.counts.listings === 0 ? null : { ...page, idleDays: rules.idleDays } };
}

type Loaded = ReturnType<typeof useLoaderData<typeof loader>>;

/** Shows sellers their lots and earnings, and other readers how selling works. */
export default function Sell() {
  const { intro, own } = useLoaderData<typeof loader>();
  return own ? <OwnLots page={own} /> : <SellIntro {...intro} />;
}

function OwnLots({ page }: { page: NonNullable<Loaded['own']> }) {
  const { listings, totals, counts, nextAfter, idleDays, mendUntilAt } = page;
  return (
    <>
      <PageHead title={`${formatCents(totals.earnedCents)} earned`} lead={leadText(totals.toComeCents)}>
        <p className="actions space-above-5">
          <LinkButton to={paths.sellNew()} variant="primary">
            New listing
          </LinkButton>
          <LinkButton to={paths.sellOffers()}>Offers {counts.offers > 0 && <Badge tone="ink">{counts.offers}</Badge>}</LinkButton>
        </p>
        <Stats className="space-above-5">
          <Stat label="Vested" value={formatCents(totals.earnedCents)} note={`after the fee of ${formatCents(totals.feeCents)}`} />
          <Stat label="Held until burned" value={formatCents(totals.heldCents)} note={heldNote(totals)} />
          <Stat label="Burned" value={formatNano(totals.burnedNano)} note={`of ${formatNano(totals.soldNano)} sold`} tone="burn" />
          <Stat label="Unsold" value={formatNano(totals.unsoldNano)} note={`worth ${formatCents(totals.unsoldWorthCents)} to you`} />
          <Stat label="In review" value={counts.inReview} note={counts.inReview === 1 ? 'listing' : 'listings'} />
        </Stats>
        {totals.frozenCents > 0n && (
          <Note tone="fail" className="space-above-5" title={`${formatCents(totals.frozenCents)} of the held money is frozen.`}>
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
            className="space-above-5"
            title={counts.needYou === 1 ? 'One listing waits for you.' : `${counts.needYou} listings wait for you.`}
          >
            Open it below: we asked a question or did not approve it. It is withdrawn after {idleDays} days without you.
          </Note>
        )}
      </PageHead>
      <Section title="Listings" margin="Newest first." wide>
        <SellerListings listings={listings} totals={nextAfter === null && listings.length === counts.listings ? totals : null} />
        <p className="muted space-above-5">
          <small>{sumSentence(totals)}</small>
        </p>
        {nextAfter !== null && <Pager nextTo={paths.sell({ after: nextAfter })}>50 to a page</Pager>}
      </Section>
    </>
  );
}

function leadText(toComeCents: bigint): string {
  if (toComeCents === 0n) return 'Nothing is held for you right now. Money comes as buyers burn what they bought.';
  return `You earn another ${formatCents(toComeCents)} when buyers burn what they have bought. Earnings are booked as owed to you; they are not paid out yet.`;
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
