import { LotBar } from '~/components';
import { Button, Note, SumTable } from '~/components/ui';
import { previewText, type ListingPreview, type PreviewRules } from '~/modules/listings/listing-preview';
import { newListingCap, type NewSellerRoom } from '~/modules/listings/new-seller-cap';
import { formatCents, formatNano, formatPercent, formatPricePerUsd } from '~/platform/money';
import type { TypedTerms } from './use-typed';

interface EarningsPreviewProps {
  text: TypedTerms;
  rules: PreviewRules;
  room: NewSellerRoom | null;
  discounts: readonly number[];
  busy: boolean;
}

/** The earnings of the listing as typed, and the form's buttons. */
export function EarningsPreview({ text, rules, room, discounts, busy }: EarningsPreviewProps) {
  const preview = previewText(text.faceValue, text.discount, rules);
  const sells = preview !== null && preview.sellableNano > 0n;
  return (
    <aside className="split-side split-sticky" aria-label="Earnings preview">
      <div className="panel">
        <h2 aria-live="polite">{sells ? `You earn up to ${formatCents(preview.earningsCents)}` : 'What you earn'}</h2>
        {sells ? (
          <Figures preview={preview} feeBps={rules.feeBps} />
        ) : (
          <p className="muted">
            Enter face value and discount: here you then see the amount on sale, the price, the fee and what you earn.
          </p>
        )}
        {sells && room && preview.sellableNano > room.leftNano && (
          <Note tone="near" title="More than a new seller may list now">
            {newListingCap(room)}
          </Note>
        )}
        <div className="stack-tight">
          <Button variant="primary" size="wide" name="intent" value="submit" busy={busy}>
            Submit for review
          </Button>
          <Button size="wide" name="intent" value="preview" formNoValidate>
            Preview
          </Button>
        </div>
        <ul className="fine-print">
          <li>You can change the price, pause, or withdraw the unsold part at any time.</li>
          <li>Buyers’ money is held until burned: it becomes yours as they use the credit.</li>
          {sells && <li>{rankSentence(preview.discountBps, discounts)}</li>}
        </ul>
      </div>
    </aside>
  );
}

function Figures({ preview, feeBps }: { preview: ListingPreview; feeBps: number }) {
  return (
    <>
      <LotBar size="card" reader="seller" faceNano={preview.sellableNano} discountBps={preview.discountBps} soldShareBps={0} />
      <SumTable
        caption="Earnings preview"
        lines={[
          { label: 'Face value', value: formatNano(preview.faceNano) },
          { label: 'Tail kept back, not sellable', value: `−${formatNano(preview.tailNano)}` },
          { label: 'On sale', value: formatNano(preview.sellableNano) },
          { label: `Buyers pay, at ${formatPercent(preview.discountBps)} off`, value: formatCents(preview.priceCents), kind: 'gap' },
          { label: `Fee, ${formatPercent(feeBps)}`, value: `−${formatCents(preview.feeCents)}` },
          { label: 'You earn', value: formatCents(preview.earningsCents), kind: 'total' },
        ]}
      />
      <p className="hint">{formatCents(preview.perHundredCents)} for each $100.00 burned.</p>
    </>
  );
}

function rankSentence(bps: number, discounts: readonly number[]): string {
  const rank = discounts.filter((other) => other > bps).length + 1;
  const price = formatPricePerUsd(bps);
  if (discounts.length === 0) return `At ${price} per $1 yours is the only lot on sale.`;
  return `At ${price} per $1 you are number ${rank} of ${discounts.length + 1} lots by price.`;
}
