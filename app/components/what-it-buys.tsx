import { formatCents } from '~/platform/money';
import { bpsLength } from './lot-bar-geometry';

export interface Bargain {
  model: string;
  /** What is counted: "images", "seconds, no audio". */
  unit: string;
  /** How many the money buys here. */
  count: number;
  /** How many the same money buys at Replicate. */
  countAtProvider: number;
}

function inWords(count: number): string {
  return Math.floor(count).toLocaleString('en-US');
}

/** What an amount buys, model by model; the solid part is what the same money buys at Replicate. `narrow`: beside another column, where words do not fit in the bar. */
export function WhatItBuys({
  items,
  provider = 'Replicate',
  narrow = false,
}: {
  items: readonly Bargain[];
  provider?: string;
  narrow?: boolean;
}) {
  return (
    <ul className="what-it-buys">
      {items.map((item) => (
        <li key={item.model}>
          <span className="model mono">
            {item.model}
            <span className={narrow ? 'sub' : 'sub narrow-only'}>
              {inWords(item.countAtProvider)} at {provider}
            </span>
          </span>
          <BargainBar item={item} provider={provider} narrow={narrow} />
          <span className="count">
            <b>{inWords(item.count)}</b>
            <small className="muted">{item.unit}</small>
          </span>
        </li>
      ))}
    </ul>
  );
}

function BargainBar({ item, provider, narrow }: { item: Bargain; provider: string; narrow: boolean }) {
  const share = item.count <= 0 ? 10_000 : Math.min(10_000, Math.round((item.countAtProvider / item.count) * 10_000));
  const there = `${inWords(item.countAtProvider)} at ${provider}`;
  return (
    <svg className="lot" height="26" role="img" aria-label={`${there}, ${inWords(item.count)} here`}>
      <rect className="pay" width={bpsLength(share)} height="26" />
      <rect className="saved" x={bpsLength(share)} width={bpsLength(10_000 - share)} height="26" />
      {!narrow && (
        <text className="on-pay caption" x="10" y="17.5">
          {there}
        </text>
      )}
    </svg>
  );
}

/** Where a payment stands: the seller's, our fee, held until burned. The three add up to what was paid. */
export function HeldMeter({ earnedCents, feeCents, heldCents }: { earnedCents: bigint; feeCents: bigint; heldCents: bigint }) {
  const total = earnedCents + feeCents + heldCents;
  const share = (cents: bigint) => (total === 0n ? 0 : Number((cents * 10_000n) / total));
  const earned = share(earnedCents);
  const fee = share(feeCents);
  return (
    <figure>
      <svg
        className="meter"
        height="26"
        role="img"
        aria-label={`${formatCents(earnedCents)} the seller’s, ${formatCents(feeCents)} our fee, ${formatCents(heldCents)} held`}
      >
        <rect className="held" x="0.5" y="0.5" width="99.8%" height="25" />
        <rect className="earned" width={bpsLength(earned)} height="26" />
        <rect className="fee" x={bpsLength(earned)} width={bpsLength(fee)} height="26" />
      </svg>
      <ul className="meter-key">
        <li>
          <b>{formatCents(earnedCents)}</b>the seller’s
        </li>
        <li>
          <b>{formatCents(feeCents)}</b>our fee
        </li>
        <li>
          <b>{formatCents(heldCents)}</b>held until burned
        </li>
      </ul>
    </figure>
  );
}
