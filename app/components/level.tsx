import type { ReactNode } from 'react';
import { classes } from './ui/classes';

/** The rungs of the trust ladder, L0 to L4. */
export const levelNames = ['declared', 'checked', 'documents', 'probe run', 'seasoned'] as const;

const meanings = [
  'declared by the seller',
  'token and identity checked',
  'documents reviewed',
  'probe run passed',
  'credit burned without a failure',
] as const;

/** Five bars and "L3"; with `named` also the word. */
export function LevelBars({ level, named = false }: { level: number; named?: boolean }) {
  return (
    <span className="level" title={`L${level}: ${meanings[level] ?? 'unknown'}`}>
      <svg aria-hidden="true" focusable="false">
        {levelNames.map((name, rung) => (
          <rect
            key={name}
            className={rung <= level ? 'on' : 'off'}
            x={0.5 + rung * 5.5}
            y={7 - rung * 1.5}
            width="3"
            height={3.5 + rung * 1.5}
          />
        ))}
      </svg>
      <span>
        L{level}
        {named && ` ${levelNames[level] ?? ''}`}
      </span>
    </span>
  );
}

/** The whole ladder; `notes` say who and when per rung ("invoice reviewed, 3 Sep 2026"). */
export function LevelLadder({ level, notes = [] }: { level: number; notes?: readonly ReactNode[] }) {
  return (
    <ol className="ladder">
      {levelNames.map((name, rung) => (
        <li key={name} className={classes(rung > level && 'not-reached')}>
          <b>
            L{rung} {name}
          </b>
          <span>{rung > level ? 'not yet' : (notes[rung] ?? meanings[rung])}</span>
        </li>
      ))}
    </ol>
  );
}
