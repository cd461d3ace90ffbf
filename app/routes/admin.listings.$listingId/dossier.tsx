import { LevelBars } from '~/components';
import { DataTable, DefinitionList, Link, Section, Time, Timeline } from '~/components/ui';
import { reviewReasons, type ReviewReason } from '~/modules/listings/review-reasons';
import { adminStepWords, type ReviewedStep } from '~/modules/listings/review-words';
import { paths } from '~/paths';
import { formatNano } from '~/platform/money';
import { actionInWords, factsInWords } from '../admin/audit-words';
import { SellerLots } from '../admin/seller-lots';
import type { AdminListingPage } from './decision';

/** The facts for a decision: account check, terms, seller, other listings, earlier reviews, audit records. */
export function Dossier({ page }: { page: AdminListingPage }) {
  return (
    <>
      <Checks page={page} />
      <Seller page={page} />
      <Section title="Reviews" spacing="tight">
        <Timeline events={page.reviews.map((review) => ({ at: review.createdAt, title: reviewTitle(review), note: review.note }))} />
      </Section>
      <Section title="Other listings" spacing="tight" margin="Of the same seller.">
        <SellerLots lots={page.others} caption="Other listings of this seller" none="This is the first." />
      </Section>
      <Section
        title="Audit"
        spacing="tight"
        margin={<Link to={paths.admin.audit({ subject: page.listing.id })}>All records of this listing</Link>}
      >
        <DataTable
          caption="Audit trail of this listing, newest first"
          captionHidden
          rows={page.audit}
          rowKey={(record) => String(record.seq)}
          columns={[
            { key: 'time', head: 'Time', cell: (record) => <Time at={record.createdAt} /> },
            { key: 'who', head: 'Who', cell: (record) => record.actorName },
            { key: 'what', head: 'What', rowHead: true, cell: (record) => actionInWords(record.action) },
            { key: 'facts', head: 'Facts', cell: (record) => factsInWords(record.facts) },
          ]}
        />
      </Section>
    </>
  );
}

function reviewTitle(review: AdminListingPage['reviews'][number]): string {
  const reason = review.reasonCode ? `: ${reviewReasons[review.reasonCode as ReviewReason] ?? review.reasonCode}` : '';
  return `${review.actorName ?? 'The system'} ${adminStepWords[review.step as ReviewedStep]}${reason}`;
}

function Checks({ page }: { page: AdminListingPage }) {
  const { listing, account, checks } = page;
  const [last] = checks;
  return (
    <Section title="Checks" spacing="tight">
      <DefinitionList
        facts={[
          {
            term: 'Token',
            value: (
              <span className={`check-result ${last?.passed ? 'check-pass' : 'check-fail'}`}>{last ? last.finding : 'Never checked'}</span>
            ),
            note: last ? <Time at={last.createdAt} /> : undefined,
          },
          {
            term: 'Replicate account',
            value: account ? `${account.accountType} “${account.username}”` : 'unknown',
            note: account?.githubUrl ?? account?.name,
          },
          { term: 'Sealed token', value: listing.hasToken ? 'in the vault' : 'destroyed' },
          {
            term: 'Declared balance',
            value: formatNano(listing.faceNano),
            note: `Replicate shows no balance. The last ${formatNano(listing.tailNano)} are not sellable.`,
          },
          { term: 'Smallest purchase', value: `${formatNano(listing.minNano)} of credit` },
          { term: 'Level', value: <LevelBars level={listing.level} named /> },
          ...(listing.mendUntilAt
            ? [{ term: 'Check failed', value: listing.stateReason ?? '', note: <Time at={listing.mendUntilAt} /> }]
            : []),
        ]}
      />
    </Section>
  );
}

function Seller({ page }: { page: AdminListingPage }) {
  const { seller } = page;
  if (!seller) return null;
  return (
    <Section title="Seller" spacing="tight">
      <DefinitionList
        facts={[
          {
            term: 'Account',
            value: <Link to={paths.admin.user(page.listing.sellerId)}>{`${seller.name}, ${seller.email}`}</Link>,
            note: <Time at={seller.createdAt} show="day" />,
          },
          { term: 'Address', value: seller.verifiedAt ? 'verified' : 'not verified' },
          { term: 'Shown as', value: seller.publicName ?? seller.name },
          {
            term: 'Burned without a failure',
            value: formatNano(seller.burnedNano ?? 0n),
            note: seller.seasonedAt ? 'seasoned' : 'new seller',
          },
          { term: 'Failed lots', value: seller.failedLots ?? 0 },
          {
            term: 'Terms of selling',
            value: seller.terms ? `version ${seller.terms.version}` : 'not accepted',
            note: seller.terms ? <Time at={seller.terms.acceptedAt} /> : undefined,
          },
          ...(seller.suspendedAt ? [{ term: 'Suspended', value: <Time at={seller.suspendedAt} /> }] : []),
        ]}
      />
    </Section>
  );
}
