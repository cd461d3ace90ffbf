import { classes } from './ui/classes';
import {
  barLength,
  bpsLength,
  lotBarLayout,
  lotSentence,
  lotWords,
  NEAR_DAYS,
  rulerWord,
  weeksWidth,
  type LotBarSize,
  type LotFacts,
  type LotReader,
} from './lot-bar-geometry';

interface LotBarProps extends LotFacts {
  size?: LotBarSize;
  /** Where the list's scale ends; all bars of a list share it, and `LotRuler` shows it. Alone the bar fills its box. */
  scaleMaxNano?: bigint;
  /** The two amounts inside a hero bar, as text: "$425.52" or "45.0¢". */
  pay?: string;
  save?: string;
  payCaption?: string;
  saveCaption?: string;
  /** A dollar scale under a hero bar instead of the weeks. */
  scale?: boolean;
  /** Replaces the default text alternative. */
  label?: string;
  /** The numbers stand beside it in words: hide the picture from screen readers. */
  decorative?: boolean;
}

/** A lot as a bar: its length is the face value, solid what you pay, hatched what you save, the rail what is sold (burned), the ticks the weeks left. */
export function LotBar(props: LotBarProps) {
  const {
    size = 'row',
    faceNano,
    discountBps,
    soldShareBps,
    burnedShareBps,
    daysLeft,
    scaleMaxNano,
    scale = false,
    label,
    decorative = false,
  } = props;
  const layout = lotBarLayout[size];
  const rail = burnedShareBps ?? soldShareBps;
  const weeks = daysLeft === undefined ? 0 : weeksWidth(daysLeft);
  const height = scale ? 144 : weeks > 0 ? layout.withWeeks : layout.plain;
  const name = decorative ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label ?? lotSentence(props) };
  return (
    <svg className="lot" height={height} focusable="false" {...name}>
      <svg width={barLength(faceNano, scaleMaxNano)} height={height} overflow="visible">
        {rail !== undefined && <rect className="track" y={layout.trackY} width="100%" height="1" />}
        <Body size={size} discountBps={discountBps} {...amounts(props)} />
        {rail !== undefined && rail > 0 && <Rail size={size} bps={Math.min(rail, 10_000)} />}
      </svg>
      {weeks > 0 && !scale && <Weeks y={layout.weeksY} width={weeks} near={(daysLeft ?? 0) < NEAR_DAYS} />}
      {scale && <DollarScale faceNano={faceNano} />}
    </svg>
  );
}

interface Amounts {
  pay?: string;
  save?: string;
  payCaption: string;
  saveCaption: string;
}

function amounts({ pay, save, payCaption = 'You pay', saveCaption = 'You save' }: LotBarProps): Amounts {
  return { ...(pay && { pay }), ...(save && { save }), payCaption, saveCaption };
}

function Body({ size, discountBps, pay, save, payCaption, saveCaption }: Amounts & { size: LotBarSize; discountBps: number }) {
  const { bodyY, body } = lotBarLayout[size];
  const payLength = bpsLength(10_000 - discountBps);
  return (
    <>
      <rect className="pay" y={bodyY} width={payLength} height={body} />
      <rect className={size === 'hero' ? 'saved-large' : 'saved'} x={payLength} y={bodyY} width={bpsLength(discountBps)} height={body} />
      {size === 'hero' && pay && (
        <>
          <text className="on-pay caption" x="12" y="42">
            {payCaption}
          </text>
          <text className="on-pay amount" x="10" y="86">
            {pay}
          </text>
        </>
      )}
      {size === 'hero' && save && (
        <svg x={payLength} width={bpsLength(discountBps)} overflow="visible">
          <rect className="plate" y={bodyY} height={body} />
          <text className="on-saved caption" x="14" y="42">
            {saveCaption}
          </text>
          <text className="on-saved amount" x="12" y="86">
            {save}
          </text>
        </svg>
      )}
    </>
  );
}

function Rail({ size, bps }: { size: LotBarSize; bps: number }) {
  const layout = lotBarLayout[size];
  return (
    <>
      <rect className="rail" width={bpsLength(bps)} height={layout.rail} />
      <svg x={bpsLength(bps)} overflow="visible">
        <path className="notch" d={layout.notch} />
      </svg>
    </>
  );
}

/** Inside its own svg, so that the pattern's tiles begin where the ticks do. */
function Weeks({ y, width, near }: { y: number; width: number; near: boolean }) {
  return (
    <svg y={y} overflow="visible">
      <rect className={classes('weeks', near && 'weeks-near')} width={width} height="8" />
    </svg>
  );
}

const TWENTIETHS = Array.from({ length: 21 }, (_, step) => step);

function DollarScale({ faceNano }: { faceNano: bigint }) {
  const dollars = Number(faceNano / 10_000_000n) / 100;
  return (
    <g className="scale">
      {TWENTIETHS.map((step) => (
        <line key={step} x1={`${step * 5}%`} x2={`${step * 5}%`} y1="122" y2={step % 5 === 0 ? 128 : 125} />
      ))}
      {[0, 25, 50, 75, 100].map((percent) => (
        <text key={percent} x={`${percent}%`} y="143" textAnchor={anchorAt(percent)}>
          {`$${Math.round((dollars * percent) / 100).toLocaleString('en-US')}`}
        </text>
      ))}
    </g>
  );
}

function anchorAt(percent: number): 'start' | 'middle' | 'end' {
  return percent === 0 ? 'start' : percent === 100 ? 'end' : 'middle';
}

/** The ruler over a list's bars; goes into the column head. `maxNano` is the same `scaleMaxNano` the bars get. */
export function LotRuler({ maxNano }: { maxNano: bigint }) {
  const dollars = Number(maxNano / 10_000_000n) / 100;
  const steps = String(dollars).startsWith('5') ? [0, 20, 40, 60, 80, 100] : [0, 25, 50, 75, 100];
  return (
    <svg className="ruler" height="22" aria-hidden="true" focusable="false">
      {steps.map((percent) => (
        <g key={percent}>
          <line x1={`${percent}%`} x2={`${percent}%`} y1="17" y2="22" />
          <text x={`${percent}%`} y="12" textAnchor={anchorAt(percent)}>
            {rulerWord((dollars * percent) / 100)}
          </text>
        </g>
      ))}
      <line x1="0" x2="100%" y1="21.5" y2="21.5" />
    </svg>
  );
}

interface LotBarKeyProps {
  rail?: 'sold' | 'burned' | 'none';
  weeks?: boolean;
  reader?: LotReader;
}

/** The legend of lot bars, for under a list of them. Buyers' pages show burned, the market shows sold. */
export function LotBarKey({ rail = 'sold', weeks = true, reader = 'buyer' }: LotBarKeyProps) {
  const { pay, less, save } = lotWords[reader];
  return (
    <ul className="lot-key">
      <li>
        <svg width="22" height="10" aria-hidden="true">
          <rect width="22" height="10" fill="var(--bar)" />
        </svg>
        {capital(pay + less)}
      </li>
      <li>
        <svg width="22" height="10" aria-hidden="true">
          <rect width="22" height="10" fill="url(#hx)" />
        </svg>
        {capital(save)}
      </li>
      {rail !== 'none' && (
        <li>
          <svg width="22" height="10" aria-hidden="true">
            <rect y="2" width="16" height="3" fill="var(--ember)" />
            <path d="M12 1h8l-4 7z" fill="var(--ember)" />
          </svg>
          Already {rail}
        </li>
      )}
      {weeks && (
        <li>
          <svg width="33" height="8" aria-hidden="true">
            <rect width="33" height="8" fill="url(#wk)" />
          </svg>
          One tick: one week until it expires
        </li>
      )}
    </ul>
  );
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
