import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { data } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { LotBarKey, LotTable } from '~/components';
import { Chips, EmptyState, LinkButton, PageHead, Pager, Tabs } from '~/components/ui';
import { withoutEmptyFields } from '~/pages/forms.server';
import { pageMeta } from '~/pages/head';
import { paths } from '~/paths';
import { formatNanoWhole } from '~/platform/money';
import { shownPolicy } from '~/queries/market/market-cache.server';
import { filtersToQuery, readListingFilters } from '~/queries/market/listing-filters';
import { findListings, summarizeListings } from '~/queries/market/listings.server';
import { requestCtx } from '~/pages/request-context.server';
import { FilterForm } from './filter-form';
import { activeFilters } from './active-filters';
import { toLotRow } from './lot-row';

export const meta: MetaFunction = () =>
  pageMeta({
    title: 'Replicate credit on sale',
    description: 'Every lot of Replicate credit on sale: price, discount, what is left, when it expires.',
  });

export async function loader({ request, context }: LoaderFunctionArgs) {
  withoutEmptyFields(request);
  const ctx = await requestCtx({ request, context });
  const { searchParams } = new URL(request.url);
  const { filters, errors } = readListingFilters(searchParams);
  const { rules } = await shownPolicy(ctx);
  const [page, summary] = await Promise.all([
    findListings(ctx, filters, rules.minDaysLeft),
    summarizeListings(ctx, filters, rules.minDaysLeft),
  ]);
  const typed = Object.fromEntries(Object.keys(errors).map((name) => [name, searchParams.get(name) ?? '']));
  const shown = { ...page, summary, query: filtersToQuery(filters), typed, errors, firstPage: filters.after === undefined, now: ctx.now };
  return data(shown, { status: Object.keys(errors).length > 0 ? 422 : 200 });
}

export default function Listings() {
  const { rows, next, summary, query, typed, errors, firstPage, now } = useLoaderData<typeof loader>();
  const sort = query.sort ?? 'cheapest';
  const chips = activeFilters(query);
  return (
    <>
      <PageHead
        title={`${formatNanoWhole(summary.availableNano)} of credit in ${summary.more ? 'more than ' : ''}${summary.count} ${summary.count === 1 ? 'lot' : 'lots'}`}
        lead={rows.length === 0 ? null : 'Longer bar, larger lot. More hatching, larger saving.'}
      />
      <section className="row filters-and-list" aria-label="Lots">
        <FilterForm query={query} typed={{ ...query, ...typed }} errors={errors} />
        <div>
          <div className="entry-head">
            <p className="to-filters">
              <a href="#filters">Search and filter</a>
            </p>
            <Chips chips={chips} {...(chips.length > 1 && { clearTo: paths.listings() })} />
            <Tabs
              label="Sort by"
              tabs={sorts.map(({ value, label }) => ({ label, to: paths.listings({ ...query, sort: value }), current: sort === value }))}
            />
          </div>
          {rows.length === 0 ? (
            <EmptyState title="No lot matches" as="h2" action={<LinkButton to={paths.listings()}>Show all lots</LinkButton>}>
              {chips.length > 0
                ? 'Loosen a filter, or look at everything on sale.'
                : 'Nothing is on sale right now. New lots appear as soon as they are approved.'}
            </EmptyState>
          ) : (
            <>
              <LotTable lots={rows.map((row) => toLotRow(row, now))} sorts={sortLinks(query)} />
              <LotBarKey />
            </>
          )}
          <Pager
            nextTo={next && paths.listings({ ...query, after: next })}
            previousTo={firstPage ? null : paths.listings(query)}
            previousLabel="First page"
          >
            {rows.length > 0 &&
              `${rows.length} of ${summary.more ? 'more than ' : ''}${summary.count} ${summary.count === 1 ? 'lot' : 'lots'} on this page`}
          </Pager>
        </div>
      </section>
    </>
  );
}

/** Links of the sortable column heads; the current one shows an arrow. */
function sortLinks(query: Record<string, string | undefined>) {
  const to = (sort: string) => paths.listings({ ...query, sort });
  const current = query.sort ?? 'cheapest';
  return {
    price: { to: to('cheapest'), ...(current === 'cheapest' && { direction: 'ascending' as const }) },
    available: { to: to('largest'), ...(current === 'largest' && { direction: 'descending' as const }) },
    expires: { to: to('latest'), ...(current === 'latest' && { direction: 'descending' as const }) },
  };
}

const sorts = [
  { value: 'cheapest', label: 'Cheapest' },
  { value: 'largest', label: 'Largest' },
  { value: 'latest', label: 'Expires last' },
];
