import { Link } from './link';
import type { ReactNode } from 'react';
import { classes } from './classes';

export interface Sort {
  /** Where the head's link goes: the page sorted by this column (the other way round if it is already). */
  to: string;
  /** Set on the column that the list is sorted by now. */
  direction?: 'ascending' | 'descending';
}

export interface Column<Row> {
  key: string;
  head: string;
  /** Head for screen readers only (actions, bars). */
  headHidden?: boolean;
  /** In the head instead of the plain word, such as a ruler; `head` stays as its hidden name. */
  headExtra?: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Right aligned; every amount and count. */
  numeric?: boolean;
  /** The cell that names the row: a th with scope. */
  rowHead?: boolean;
  mono?: boolean;
  /** Holds a lot bar. */
  bar?: boolean;
  sort?: Sort;
  /** In the total row under the double rule. */
  total?: ReactNode;
  className?: string;
}

interface DataTableProps<Row> {
  caption: string;
  captionHidden?: boolean;
  columns: ReadonlyArray<Column<Row>>;
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /**
   * On phones: `stack` puts each column's name before its value, `scroll` keeps the table and lets it scroll,
   * `lots` makes three-line rows of the columns with the classes lots-price, lots-discount, lots-action, lots-available, lots-expires.
   */
  phone?: 'stack' | 'scroll' | 'lots';
}

/** A table from columns: caption, scopes, roles that survive stacking, sort links, a total row when a column has one. */
export function DataTable<Row>({ caption, captionHidden = false, columns, rows, rowKey, phone = 'stack' }: DataTableProps<Row>) {
  const scrolls = phone === 'scroll';
  return (
    <div
      className={classes('scroll-x', !scrolls && 'scroll-stacked')}
      {...(scrolls && { role: 'region', 'aria-label': caption, tabIndex: 0 })}
    >
      <table role="table" className={classes(phone === 'stack' && 'stacked', phone === 'lots' && 'lots')}>
        <caption className={classes(captionHidden && 'visually-hidden')}>{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <HeadCell key={column.key} column={column} />
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr role="row" key={rowKey(row)}>
              {columns.map((column) => (
                <BodyCell key={column.key} column={column}>
                  {column.cell(row)}
                </BodyCell>
              ))}
            </tr>
          ))}
        </tbody>
        <TotalRow columns={columns} />
      </table>
    </div>
  );
}

type Shape = Omit<Column<never>, 'cell'>;

function cellClass({ numeric, mono, bar, className }: Shape): string | undefined {
  return classes(numeric && 'numeric', mono && 'mono', bar && 'bar-column', className) || undefined;
}

function HeadCell({ column }: { column: Shape }) {
  const { head, headHidden, headExtra, sort } = column;
  const arrow = sort?.direction === 'descending' ? '▾' : '▴';
  return (
    <th
      role="columnheader"
      scope="col"
      className={classes(column.numeric && 'numeric', column.bar && 'bar-column')}
      aria-sort={sort?.direction}
    >
      {sort ? (
        <Link className="sort" to={sort.to} preventScrollReset>
          {head}
          {sort.direction && <span aria-hidden="true">{arrow}</span>}
        </Link>
      ) : (
        <span className={classes((headHidden || headExtra != null) && 'visually-hidden')}>{head}</span>
      )}
      {headExtra}
    </th>
  );
}

function BodyCell({ column, children }: { column: Shape; children: ReactNode }) {
  if (column.rowHead) {
    return (
      <th role="rowheader" scope="row" className={cellClass(column)}>
        {children}
      </th>
    );
  }
  return (
    <td role="cell" className={cellClass(column)} {...(!column.headHidden && { 'data-label': column.head })}>
      {children}
    </td>
  );
}

function TotalRow({ columns }: { columns: readonly Shape[] }) {
  if (!columns.some((column) => column.total !== undefined)) return null;
  return (
    <tfoot role="rowgroup">
      <tr role="row">
        {columns.map((column, index) => (
          <BodyCell key={column.key} column={{ ...column, mono: false, rowHead: index === 0 }}>
            {column.total}
          </BodyCell>
        ))}
      </tr>
    </tfoot>
  );
}

export interface SumLine {
  label: ReactNode;
  value: ReactNode;
  /** `save` is green, `gap` starts a new group, `total` closes with the double rule. */
  kind?: 'plain' | 'save' | 'gap' | 'total';
}

/** A sum that adds up: lines and, last, the total. */
export function SumTable({ caption, lines }: { caption: string; lines: readonly SumLine[] }) {
  return (
    <table className="sum">
      <caption className="visually-hidden">{caption}</caption>
      <tbody>
        {lines.map(({ label, value, kind = 'plain' }, index) => (
          <tr key={index} className={classes(kind !== 'plain' && `sum-${kind}`)}>
            <th scope="row">{label}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
