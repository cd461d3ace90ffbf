import type { ReactNode } from 'react';
import { Pager } from './nav';
import { DataTable, type Column } from './table';

interface PagedTableProps<Row extends { id: string }> {
  caption: string;
  columns: ReadonlyArray<Column<Row>>;
  rows: readonly Row[];
  /** The `EmptyState` without any row. */
  empty: ReactNode;
  /** The key of the next page; null on the last. */
  next: string | null;
  isFirstPage: boolean;
  /** The URL of the first page, or of the page after a key. */
  pageUrl: (query?: { after: string }) => string;
}

/** A page's main list, newest first: the table with links to older rows and back to the first page. */
export function PagedTable<Row extends { id: string }>({
  caption,
  columns,
  rows,
  empty,
  next,
  isFirstPage,
  pageUrl,
}: PagedTableProps<Row>) {
  return (
    <>
      {rows.length === 0 ? (
        empty
      ) : (
        <div className="space-above-6">
          <DataTable caption={caption} captionHidden columns={columns} rows={rows} rowKey={(row) => row.id} />
        </div>
      )}
      <Pager
        nextTo={next === null ? null : pageUrl({ after: next })}
        previousTo={isFirstPage ? null : pageUrl()}
        previousLabel="First page"
        nextLabel="Older"
      />
    </>
  );
}
