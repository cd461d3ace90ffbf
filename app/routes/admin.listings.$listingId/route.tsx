import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { ListingBar, StateBadge } from '~/components';
import { Badge, Breadcrumb, PageHead, Stat, Stats, Time, Toast } from '~/components/ui';
import { orPage, submitForm } from '~/pages/forms.server';
import { previewListing } from '~/modules/listings/listing-preview';
import { ListingDecision } from '~/modules/listings/review-forms';
import { currentPolicy } from '~/modules/policy/index.server';
import { paths } from '~/paths';
import { shortId } from '~/platform/ids';
import { lotName } from '~/platform/lot-name';
import { formatCents, formatNano, formatPricePerUsd } from '~/platform/money';
import { adminListingPage } from '~/queries/admin/admin-listing.server';
import { requireAdminCtx } from '~/pages/request-context.server';
import { decideListing } from '~/workflows/listing/decide-listing.server';
import { AdminTabs } from '../admin/admin-tabs';
import { Decision } from './decision';
import { Dossier } from './dossier';

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data ? lotName(data.listing) : 'Listing'} · Admin · Credit Mart` },
];

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requireAdminCtx(args);
  const page = await orPage(adminListingPage(ctx, args.params.listingId ?? ''));
  const { rules } = await currentPolicy(ctx);
  const done = new URL(args.request.url).searchParams.get('done');
  return { ...page, rules, preview: previewListing(page.listing.faceNano, page.listing.discountBps, rules), done };
}

export async function action(args: ActionFunctionArgs) {
  const ctx = await requireAdminCtx(args);
  const { listing } = await orPage(adminListingPage(ctx, args.params.listingId ?? ''));
  return submitForm(args.request, ListingDecision, async (decision) => {
    await decideListing(ctx, listing.id, decision);
    return redirect(paths.admin.listing(listing.id, { done: decision.intent }));
  });
}

const doneWords: Record<string, string> = {
  approve: 'Approved. The listing is on the market and its seller is mailed.',
  ask: 'The question is mailed to the seller.',
  take_back: 'The question is taken back, and we mailed the seller. The listing waits for your decision.',
  reject: 'Rejected. The seller is mailed the reason.',
  approve_raise: 'The raise is approved. The increase is on the market and the seller is mailed.',
  reject_raise: 'The raise is rejected. The seller is mailed the reason; what is on sale stays.',
  suspend: 'Suspended. Nothing of it is sold any more.',
  reinstate: 'The suspension is lifted.',
};

export default function AdminListing() {
  const page = useLoaderData<typeof loader>();
  const lastResult = useActionData<typeof action>();
  const { listing, preview } = page;
  const decided = page.done !== null && doneWords[page.done] !== undefined && !lastResult;
  return (
    <>
      <div className="split">
        <div>
          <PageHead
            above={
              <>
                <AdminTabs />
                <Breadcrumb steps={[{ label: 'Queue', to: paths.admin.queue() }, { label: shortId(listing.id) }]} />
              </>
            }
            title={lotName(listing)}
            lead={
              <>
                <StateBadge kind="listing" state={listing.shown} /> Submitted <Time at={listing.submittedAt ?? listing.createdAt} /> by{' '}
                {listing.sellerName}.{' '}
                {page.flags.map((flag) => (
                  <span key={flag}>
                    <Badge>{flag}</Badge>{' '}
                  </span>
                ))}
              </>
            }
          >
            <div className="space-above-5">
              <ListingBar listing={listing} reader="admin" />
            </div>
            <Stats className="space-above-5">
              <Stat
                label="Buyers would pay"
                value={formatCents(preview.priceCents)}
                note={`${formatPricePerUsd(listing.discountBps)} per $1, all of it`}
              />
              <Stat
                label="Seller would earn"
                value={formatCents(preview.earningsCents)}
                note={`after the fee of ${formatCents(preview.feeCents)}`}
              />
              <Stat
                label="Best price now"
                value={page.bestDiscountBps === null ? '—' : formatPricePerUsd(page.bestDiscountBps)}
                note={rankNote(listing.discountBps, page.bestDiscountBps)}
              />
              <Stat label="Expires" value={<Time at={listing.creditExpiresAt} show="day" />} note={`in ${listing.daysLeft} days`} />
              <Stat
                label="Sold"
                value={formatNano(listing.soldNano)}
                note={`${page.openGrants} open ${page.openGrants === 1 ? 'grant' : 'grants'}`}
              />
            </Stats>
          </PageHead>
        </div>
        <Decision page={page} lastResult={lastResult ?? null} decided={decided} />
        <div className="split-rest">
          <Dossier page={page} />
        </div>
      </div>
      {decided && <Toast>{doneWords[page.done ?? '']}</Toast>}
    </>
  );
}

function rankNote(bps: number, best: number | null): string {
  if (best === null) return 'nothing else is on sale';
  return bps > best ? 'this lot would be the cheapest' : 'of what is on sale';
}
