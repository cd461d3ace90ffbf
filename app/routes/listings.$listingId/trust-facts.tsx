import { LevelBars, sellerRecord } from '~/components';
import { DefinitionList, Time } from '~/components/ui';
import { formatDate } from '~/platform/dates';
import { formatCents, formatNano } from '~/platform/money';
import type { ListingPage } from './route';

/** The known facts about a lot, for and against, each with its date. */
export function TrustFacts({ page }: { page: ListingPage }) {
  const { listing, trust, rules } = page;
  const season = formatCents(BigInt(rules.seasonedAfterBurnedCents));
  return (
    <DefinitionList
      facts={[
        ...(trust.failed ? [] : [{ term: 'Level', value: <LevelBars level={listing.level} named /> }]),
        {
          term: 'Declared by the seller',
          value: <Time at={trust.declaredAt} />,
          note: `A balance of ${formatNano(listing.faceNano)}, that it owns the credit, and that automatic reload is off`,
        },
        ...(trust.accountRecordedAt
          ? [
              {
                term: 'Replicate account',
                value: (
                  <>
                    recorded <Time at={trust.accountRecordedAt} />
                  </>
                ),
                note: 'Replicate named it for the token. One account backs one lot at a time. Whose it is was not checked.',
              },
            ]
          : []),
        ...(trust.lastCheck ? [lastCheck(trust.lastCheck)] : []),
        { term: 'Seller', value: listing.sellerName, note: `on Credit Mart since ${formatDate(listing.sellerSince)}` },
        {
          term: 'Its lots so far',
          value: sellerRecord(listing),
          note: trust.seasonedAt
            ? `Seasoned since ${formatDate(trust.seasonedAt)}: by then ${season} had burned without a failed lot`
            : `Seasoned once ${season} has burned without a failed lot`,
        },
        ...(page.onSale ? [{ term: 'Seller’s token', value: 'Sealed. It is never shown to anyone, and your code never holds it.' }] : []),
      ]}
    />
  );
}

/** A run made only to check for credit, after Replicate had refused one for lack of it. */
function lastCheck({ kind, passed, at, finding }: NonNullable<ListingPage['trust']['lastCheck']>) {
  return {
    term: passed ? (kind === 'run' ? 'Credit checked' : 'Token checked') : 'Check failed',
    value: (
      <span className={passed ? undefined : 'tone-fail'}>
        <Time at={at} />
      </span>
    ),
    note: passed ? (kind === 'run' ? 'A run of ours succeeded after a check had failed' : 'Replicate accepted it') : finding,
  };
}
