import type { ReactNode } from 'react';
import { Time, type Moment } from './time';

export interface TimelineEvent {
  at: Moment;
  title: ReactNode;
  note?: ReactNode;
}

/** What happened and when, in the order given. */
export function Timeline({ events }: { events: readonly TimelineEvent[] }) {
  return (
    <ol className="timeline">
      {events.map(({ at, title, note }, index) => (
        <li key={index}>
          <Time at={at} />
          <div>
            {title}
            {note != null && <span className="sub">{note}</span>}
          </div>
        </li>
      ))}
    </ol>
  );
}

/** Named steps or cases with a sentence each. */
export function Steps({ steps }: { steps: ReadonlyArray<{ title: ReactNode; text: ReactNode }> }) {
  return (
    <ol className="steps">
      {steps.map(({ title, text }, index) => (
        <li key={index}>
          <b>{title}</b>
          <div>{text}</div>
        </li>
      ))}
    </ol>
  );
}
