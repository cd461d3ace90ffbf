import { levelNames, levels, readLevel } from '~/modules/listings/levels';

const sentences = {
  1: 'Replicate accepted the token and named its account',
  4: 'and enough credit of this seller was burned since its last failed lot',
};

/** A bar for each level that is reached, and "L4"; with `named` also what it means. */
export function LevelBars({ level, named = false }: { level: number; named?: boolean }) {
  const read = readLevel(level) ?? 1;
  const reached = levels.filter((each) => each <= read);
  return (
    <span className="level" title={`L${read}: ${reached.map((each) => sentences[each]).join(', ')}`}>
      <svg aria-hidden="true" focusable="false">
        {levels.map((each, rung) => (
          <rect
            key={each}
            className={each <= read ? 'on' : 'off'}
            x={0.5 + rung * 5.5}
            y={6 - rung * 5.5}
            width="3"
            height={4.5 + rung * 5.5}
          />
        ))}
      </svg>
      <span>
        L{read}
        {named && ` ${levelNames[read]}`}
      </span>
    </span>
  );
}
