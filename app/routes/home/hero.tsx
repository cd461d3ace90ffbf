import { LotBar } from '~/components';
import { Link, LinkButton } from '~/components/ui';
import { paths } from '~/paths';
import { formatCents, formatNano, formatPercent, formatPricePerUsd, nanoToInput } from '~/platform/money';

interface Quote {
  listingId: string;
  creditNano: bigint;
  costCents: bigint;
  savedCents: bigint;
  discountBps: number;
}

/** The claim is today's best price; the bar is a purchase that anybody can make now. */
export function Hero({ quote, best }: { quote: Quote | null; best: number | null }) {
  return (
    <section className="hero">
      <div className="hero-top">
        <h1 className="display">
          {best === null ? 'Replicate credit below face value' : `Replicate credit at ${formatPricePerUsd(best)} on the dollar`}
        </h1>
        <div>
          <p className="lead">
            Companies sell prepaid credit they will not burn before it expires. You buy any amount by card, change two lines, and your code
            runs as before.
          </p>
          <div className="actions">
            <LinkButton to={paths.listings()} variant="primary">
              Buy credit
            </LinkButton>
            <LinkButton to={paths.sellNew()}>Sell unused credit</LinkButton>
          </div>
        </div>
      </div>
      {quote && <QuoteBar {...quote} />}
    </section>
  );
}

function QuoteBar({ creditNano, costCents, savedCents, discountBps, listingId }: Quote) {
  const face = formatNano(creditNano);
  const sentence = `${face} of Replicate credit: you pay ${formatCents(costCents)}, you save ${formatCents(savedCents)}`;
  return (
    <figure aria-labelledby="hero-caption">
      <div className="callouts" aria-hidden="true">
        <span>
          <b>{face}</b> of credit from one lot, at its price of this moment
        </span>
        <span className="phone-hidden">{formatPercent(discountBps)} below face value</span>
      </div>
      <LotBar
        size="hero"
        scale
        faceNano={creditNano}
        discountBps={discountBps}
        pay={formatCents(costCents)}
        save={formatCents(savedCents)}
        label={sentence}
      />
      <figcaption id="hero-caption" className="muted space-above-2">
        <small>
          The whole length is the face value: what Replicate would charge. Solid is what you pay, hatched is what you keep.{' '}
          <Link to={paths.listing(listingId, { amount: nanoToInput(creditNano) })}>Buy this {face}</Link>
        </small>
      </figcaption>
    </figure>
  );
}
