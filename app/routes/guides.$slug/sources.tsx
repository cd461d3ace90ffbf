import { Badge, Time } from '~/components/ui';
import type { Source } from '~/content/guide';

/** Numbered as the text cites them. One that nobody has looked at for 180 days is marked. */
export function Sources({ sources, old }: { sources: readonly Source[]; old: readonly string[] }) {
  return (
    <ol className="guide-sources">
      {sources.map((source, at) => (
        <li key={source.url} id={`source-${at + 1}`}>
          <a href={source.url} rel="noopener">
            {source.title}
          </a>
          <span className="sub">
            {source.dated && (
              <>
                dated <Time at={source.dated} show="day" />,{' '}
              </>
            )}
            checked on <Time at={source.checked} show="day" />
            {source.secondHand && '; quoted by others, not read at its owner'}
          </span>
          {old.includes(source.url) && <Badge tone="near">over 180 days old</Badge>}
        </li>
      ))}
    </ol>
  );
}
