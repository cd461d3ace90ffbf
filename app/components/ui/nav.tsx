import { Link } from './link';
import type { ReactNode } from 'react';
import { LinkButton } from './button';

export interface Tab {
  label: ReactNode;
  to: string;
  current: boolean;
}

/** Links with a query; the current one is underlined. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <Link key={tab.to} to={tab.to} preventScrollReset {...(tab.current && { 'aria-current': 'page' as const })}>
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}

/** Active filters, each a link to the page without it. */
export function Chips({
  label = 'Filters',
  chips,
  clearTo,
}: {
  label?: string;
  chips: ReadonlyArray<{ label: string; removeTo: string }>;
  clearTo?: string;
}) {
  if (chips.length === 0) return null;
  return (
    <nav className="chips" aria-label={label}>
      {chips.map((chip) => (
        <Link key={chip.removeTo} to={chip.removeTo} aria-label={`Remove ${chip.label}`}>
          {chip.label} <span aria-hidden="true">×</span>
        </Link>
      ))}
      {clearTo && <Link to={clearTo}>Clear all</Link>}
    </nav>
  );
}

interface PagerProps {
  /** Links to the page before and after by key; left out where there is none. */
  previousTo?: string | null;
  nextTo?: string | null;
  previousLabel?: string;
  nextLabel?: string;
  /** What is shown, e.g. "Newest first" or "1–20 of 64". */
  children?: ReactNode;
}

/** The foot of a long list. */
export function Pager({ previousTo, nextTo, previousLabel = 'Previous', nextLabel = 'Next', children }: PagerProps) {
  if (!previousTo && !nextTo && children == null) return null;
  return (
    <div className="after-table">
      <span>{children}</span>
      {(previousTo || nextTo) && (
        <nav className="pager" aria-label="Pages">
          {previousTo && (
            <LinkButton size="small" to={previousTo} rel="prev">
              {previousLabel}
            </LinkButton>
          )}
          {nextTo && (
            <LinkButton size="small" to={nextTo} rel="next">
              {nextLabel}
            </LinkButton>
          )}
        </nav>
      )}
    </div>
  );
}

/** Breadcrumb links; the last step is the page itself. */
export function Breadcrumb({ steps }: { steps: ReadonlyArray<{ label: ReactNode; to?: string }> }) {
  return (
    <nav className="breadcrumb" aria-label="Breadcrumb">
      <ol>
        {steps.map(({ label, to }, index) => (
          <li key={index}>{to ? <Link to={to}>{label}</Link> : <span aria-current="page">{label}</span>}</li>
        ))}
      </ol>
    </nav>
  );
}
