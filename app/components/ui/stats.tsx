import type { ReactNode } from 'react';
import { classes } from './classes';

export type Tone = 'ink' | 'save' | 'near' | 'fail' | 'burn';

interface StatProps {
  label: ReactNode;
  value: ReactNode;
  /** A second line, such as "of 11 lots". */
  note?: ReactNode;
  tone?: Tone;
}

/** A figure with its caption and an optional note. Use only inside `Stats`. */
export function Stat({ label, value, note, tone = 'ink' }: StatProps) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className={classes(tone !== 'ink' && `tone-${tone}`)}>
        {value}
        {note != null && <small>{note}</small>}
      </dd>
    </div>
  );
}

/** At most five `Stat`s in a line; two to a line on phones. */
export function Stats({ children, className }: { children: ReactNode; className?: string }) {
  return <dl className={classes('stats', className)}>{children}</dl>;
}

export interface Fact {
  term: ReactNode;
  value: ReactNode;
  /** A second, smaller line. */
  note?: ReactNode;
}

/** Terms at the left, values at the right. */
export function DefinitionList({ facts, className }: { facts: readonly Fact[]; className?: string }) {
  return (
    <dl className={classes('facts', className)}>
      {facts.map(({ term, value, note }, index) => (
        <FactRow key={index} term={term} value={value} note={note} />
      ))}
    </dl>
  );
}

function FactRow({ term, value, note }: Fact) {
  return (
    <>
      <dt>{term}</dt>
      <dd>
        {value}
        {note != null && <span className="sub">{note}</span>}
      </dd>
    </>
  );
}
