import { LotTable } from '~/components';
import { Link, Section } from '~/components/ui';
import { paths } from '~/paths';
import type { ListingRow } from '~/queries/market/public-listing.server';
import { toLotRow } from '../listings/lot-row';

/** On the page of a lot that is gone: lots on sale at about its price. */
export function SimilarLots({ lots, now }: { lots: readonly ListingRow[]; now: Date }) {
  return (
    <Section title="On sale now" margin="Lots at about the same price." spacing="tight">
      <LotTable caption="Similar lots on sale" lots={lots.map((lot) => toLotRow(lot, now))} />
      <div className="after-table">
        <Link to={paths.listings()}>All lots</Link>
      </div>
    </Section>
  );
}
