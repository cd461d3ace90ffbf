import { useId, type ReactNode } from 'react';
import { classes } from './classes';

interface PageHeadProps {
  /** The h1. It carries the number: "$1,287.56 left to burn". */
  title: ReactNode;
  lead?: ReactNode;
  /** A `Breadcrumb`, above the title. */
  above?: ReactNode;
  /** Buttons, stats, a note: below the lead. */
  children?: ReactNode;
  className?: string;
}

export function PageHead({ title, lead, above, children, className }: PageHeadProps) {
  return (
    <div className={classes('page-head', className)}>
      {above}
      <h1>{title}</h1>
      {lead != null && <p className="lead">{lead}</p>}
      {children}
    </div>
  );
}

interface SectionProps {
  /** Stands in the ledger's margin. */
  title: ReactNode;
  /** Small words under the title. */
  margin?: ReactNode;
  /** `tight` inside a split page, `first` without the rule above. */
  spacing?: 'normal' | 'tight' | 'first';
  id?: string;
  /** Holds a wide table: the margin folds above it early, at 1200 px. */
  wide?: boolean;
  children: ReactNode;
}

/** A ledger row: the margin names it, the entry follows. On phones the name stands above. */
export function Section({ title, margin, spacing = 'normal', id, wide = false, children }: SectionProps) {
  const headingId = useId();
  return (
    <section className={classes('row', spacing !== 'normal' && `row-${spacing}`, wide && 'row-wide')} aria-labelledby={headingId} id={id}>
      <div className="row-margin">
        <h2 id={headingId}>{title}</h2>
        {margin != null && <p>{margin}</p>}
      </div>
      <div className="row-entry">{children}</div>
    </section>
  );
}

interface EmptyStateProps {
  title: ReactNode;
  children?: ReactNode;
  /** The one next step, a `LinkButton`. */
  action?: ReactNode;
  /** `h1` when it is the whole page. */
  as?: 'h1' | 'h2' | 'h3';
  /** A code above the title, such as 404. */
  code?: ReactNode;
}

/** An empty list or page: what is missing, why, and one next step. */
export function EmptyState({ title, children, action, as: Heading = 'h3', code }: EmptyStateProps) {
  return (
    <div className={classes('empty', Heading === 'h1' && 'empty-page')}>
      <svg className="lot" height="30" aria-hidden="true" focusable="false">
        <rect className="void" x="0.5" y="7.5" width="58%" height="12" />
      </svg>
      {code != null && <p className="mono muted">{code}</p>}
      <Heading>{title}</Heading>
      {children != null && <p>{children}</p>}
      {action != null && <div className="actions">{action}</div>}
    </div>
  );
}
