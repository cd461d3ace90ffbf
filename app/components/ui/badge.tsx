import type { ReactNode } from 'react';
import { classes } from './classes';

/** neutral = a state, ink = live, save = savings, near = a deadline is near, fail = failure, burn = burning. */
export type BadgeTone = 'neutral' | 'ink' | 'save' | 'near' | 'fail' | 'burn';

/** A word on a wash. */
export function Badge({ tone = 'neutral', children }: { tone?: BadgeTone; children: ReactNode }) {
  return <span className={classes('badge', tone !== 'neutral' && `badge-${tone}`)}>{children}</span>;
}
