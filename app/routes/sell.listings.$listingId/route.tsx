import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { BurnDownChart, ListingBar, StateBadge } from '~/components';
import { Breadcrumb, ConfirmPage, DoneMessage, LinkButton, Note, PageHead, Section, Stat, Stats, Time } from '~/components/ui';
import { orPage } from '~/pages/forms.server';
import { previewListing } from '~/modules/listings/listing-preview';
import { currentPolicy } from '~/modules/policy/index.server';
import { paths } from '~/paths';
import { shortId } from '~/platform/ids';
import { lotName } from '~/platform/lot-name';
import { formatCents, formatNano, formatPricePerUsd, partsInCents } from '~/platform/money';
import { findBurnDown } from '~/queries/selling/burn-down.server';
import { findNewSellerRoom } from '~/queries/selling/sell.server';
import { sellerListingPage } from '~/queries/selling/sell-listing.server';
import { requireVerifiedCtx } from '~/pages/request-context.server';
import { ListingControls } from './controls';
import { CreditCheck } from './credit-check';
import { History, Sales } from './history';
import { RaisePart } from './raise-part';
import { ReviewPart } from './review-part';
import { runIntent } from './intents.server';

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `${page ? lotName(page.listing) : 'Listing'} · Sell · Credit Mart` },
];

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requireVerifiedCtx(args);
  const query = new URL(args.request.url).searchParams;
  const page = await orPage(sellerListingPage(ctx, ctx.userId, args.params.listingId ?? ''));
  const { rules } = await currentPolicy(ctx);
  return {
    ...page,
    rules,
    burnDown: await findBurnDown(ctx, page.listing),
    room: await findNewSellerRoom(ctx, ctx.userId, rules),
    preview: previewListing(page.listing.faceNano, page.listing.discountBps, rules),
    asked: query.get('ask'),
    done: query.get('done'),
  };
}

export async function action(args: ActionFunctionArgs) {
  const ctx = await requireVerifiedCtx(args);
  const page = await orPage(sellerListingPage(ctx, ctx.userId, args.params.listingId ?? ''));
  const outcome = await runIntent(ctx, page.listing.id, args.request);
  if ('done' in outcome) return redirect(paths.sellListing(page.listing.id, { done: outcome.done }));
  return data({ intent: outcome.intent, result: outcome.failure.data }, outcome.failure.init ?? {});
}

const doneWords: Record<string, string> = {
  price: 'The new price is on the market.',
  pause: 'Paused. Nothing is sold until you resume.',
  resume: 'On sale again.',
  token: 'The new token is sealed and in use.',
  probe: 'A small run with your token is under way. Reload in a minute to see how it went.',
  withdraw: 'The unsold part is withdrawn.',
  answer: 'Your answer is with us. The listing is in review again.',
  resubmit: 'The listing is in review again.',
  raise: 'The raise is in review. Your lot stays on sale meanwhile.',
  take_back_raise: 'The raise is taken back. Nothing else has changed.',
};

export default function SellerListing() {
  const page = useLoaderData<typeof loader>();
  const failed = useActionData<typeof action>();
  const { listing } = page;
  const [unsoldCents = 0n, reservedCents = 0n, soldCents = 0n] = partsInCents([
    listing.availableNano,
    listing.reservedNano,
    listing.soldNano,
    listing.withdrawnNano,
  ]);
  if (page.asked === 'withdraw' && listing.availableNano > 0n) return <ConfirmWithdrawal />;
  return (
    <>
      <PageHead
        above={<Breadcrumb steps={[{ label: 'Sell', to: paths.sell() }, { label: shortId(listing.id) }]} />}
        title={lotName(listing)}
        lead={
          <>
            <StateBadge kind="listing" state={listing.shown} /> Buyers pay {formatPricePerUsd(listing.discountBps)} per $1; you earn{' '}
            {formatCents(page.preview.perHundredCents)} for each $100.00 burned.
          </>
        }
      >
        <Notes />
        <div className="space-above-5">
          <ListingBar listing={listing} reader="seller" />
        </div>
        <Stats className="space-above-5">
          <Stat
            label={listing.state === 'active' ? 'On sale' : 'Unsold'}
            value={formatCents(unsoldCents)}
            note={`of ${formatNano(listing.listedNano)} sellable`}
          />
          <Stat label="Reserved" value={formatCents(reservedCents)} note="in open checkouts" />
          <Stat label="Sold" value={formatCents(soldCents)} note={`${page.sales.length} ${page.sales.length === 1 ? 'sale' : 'sales'}`} />
          <Stat label="Burned" value={formatNano(listing.burnedNano)} note="of what was sold" tone="burn" />
          <Stat label="You earn" value={formatCents(page.preview.earningsCents)} note="if all of it sells and burns at this price" />
        </Stats>
        {listing.state === 'active' && (
          <p className="actions space-above-5">
            <LinkButton to={paths.listing(listing.id)}>See it on the market</LinkButton>
          </p>
        )}
      </PageHead>
      <ReviewPart page={page} failed={failed ?? null} />
      <CreditCheck page={page} failed={failed ?? null} />
      <RaisePart page={page} failed={failed ?? null} />
      <ListingControls page={page} failed={failed ?? null} />
      <Section title="Sales" margin="Earned is yours: it vested as the credit burned, after the fee.">
        <Sales sales={page.sales} />
      </Section>
      {page.burnDown.length > 0 && (
        <Section title="Burn-down" margin="Credit of this lot that is not yet burned and not yet sold, at the end of each day (UTC).">
          <BurnDownChart points={page.burnDown} expiresAt={listing.creditExpiresAt} />
        </Section>
      )}
      <Section title="History">
        <History page={page} />
      </Section>
      <DoneMessage done={page.done} words={doneWords} failed={Boolean(failed)} />
    </>
  );
}

function Notes() {
  const { listing } = useLoaderData<typeof loader>();
  if (listing.mendUntilAt) {
    return (
      <Note tone="fail" className="space-above-5" title="A check of this lot failed.">
        {listing.stateReason}{' '}
        {listing.creditDoubtedAt
          ? 'Top the account up and check the credit again below, before'
          : 'Replace the token by a working one of the same Replicate account before'}{' '}
        <Time at={listing.mendUntilAt} />. After that the unburned part is refunded to its buyers.
      </Note>
    );
  }
  if (listing.state === 'suspended') {
    return (
      <Note tone="fail" className="space-above-5" title="We took this listing off the market.">
        {listing.stateReason && <>We wrote: “{listing.stateReason}” </>}
        Credit already bought from this lot keeps working: leave the token valid.
      </Note>
    );
  }
  return null;
}

function ConfirmWithdrawal() {
  const { listing } = useLoaderData<typeof loader>();
  return (
    <ConfirmPage
      title={`Withdraw ${formatNano(listing.availableNano)} of the lot ${lotName(listing)}?`}
      keepLabel="Keep it on sale"
      keepTo={paths.sellListing(listing.id)}
      confirmLabel={`Withdraw ${formatNano(listing.availableNano)}`}
      name="intent"
      value="withdraw"
      action={paths.sellListing(listing.id)}
    >
      <p>
        The listing ends and cannot be reopened. Credit reserved in open checkouts can still be paid for, and sold credit keeps working:
        leave the token valid.
      </p>
    </ConfirmPage>
  );
}
