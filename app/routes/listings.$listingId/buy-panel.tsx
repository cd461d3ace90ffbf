import { useForm } from '@conform-to/react';
import { Form, useNavigation } from '@remix-run/react';
import { useEffect, useState } from 'react';
import { LotBar } from '~/components';
import { Button, Checkbox, ErrorSummary, Link, MoneyField, SumTable, useHydrated } from '~/components/ui';
import { useNowConsent, WITHDRAWAL_DAYS } from '~/modules/transactions/withdrawal';
import { paths } from '~/paths';
import { formatDate } from '~/platform/dates';
import {
  centsToNano,
  formatCents,
  formatNano,
  formatPercent,
  nanoToCents,
  nanoToInput,
  parseUsdToNano,
  priceCents,
} from '~/platform/money';
import { amountHint, mostCredit } from './buyer-room';
import type { ListingPage, ListingResult } from './route';

/**
 * Amount, price, and what happens next. The price always belongs to the amount that will be bought. With scripts it follows
 * the typing; without them a button recomputes it.
 */
export function BuyPanel({ page, result }: { page: ListingPage; result: ListingResult }) {
  const { listing, minimumNano, rules, burnBy, settlementAt, formToken } = page;
  const lastResult = result?.initialValue?.intent === 'buy' ? result : page.amountResult;
  const [form, fields] = useForm<{ amount: string; useNow: string }>({
    id: 'buy',
    lastResult,
    defaultValue: { amount: page.amount || suggestedAmount(page) },
  });
  const { typed, setTyped } = useTypedAmount(fields.amount);
  const hydrated = useHydrated();
  const busy = useNavigation().formData?.get('intent') === 'buy';
  const asked = page.amount !== '' || result?.initialValue?.intent === 'buy';
  const typedNano = parseUsdToNano(typed);
  const sells = typedNano !== null && typedNano >= minimumNano && typedNano <= listing.availableNano;
  const priced = sells && (hydrated || (asked && !fields.amount.errors));
  const creditNano = priced ? typedNano : null;
  const price = creditNano === null ? null : priceCents(creditNano, listing.discountBps);
  return (
    <Form method="post" className="panel" id={form.id} aria-labelledby="buy-title">
      <h2 id="buy-title">Buy from this lot</h2>
      <ErrorSummary
        errors={form.errors}
        fields={[
          { label: 'Amount (USD of credit)', field: fields.amount },
          { label: 'Use at once', field: fields.useNow },
        ]}
      />
      <input type="hidden" name="shownDiscountBps" value={listing.discountBps} />
      <input type="hidden" name="formToken" value={formToken} />
      <MoneyField
        label="Amount (USD of credit)"
        field={fields.amount}
        big
        hint={amountHint({ ...listing, minimumNano }, page.buyerRoomCents)}
        onChange={(event) => setTyped(event.currentTarget.value)}
        readOnly={!hydrated && priced}
        autoComplete="off"
      />
      {creditNano !== null && <Price creditNano={creditNano} discountBps={listing.discountBps} />}
      {!hydrated && priced && <Link to={paths.listing(listing.id)}>Another amount</Link>}
      {!hydrated && !priced && (
        <Button variant="primary" size="wide" formMethod="get" formAction={paths.listing(listing.id)}>
          Show the price
        </Button>
      )}
      {(hydrated || priced) && (
        <>
          <Checkbox label={useNowConsent.text} field={fields.useNow} />
          <Button variant="primary" size="wide" name="intent" value="buy" busy={busy}>
            {price === null ? 'Buy' : `Buy for ${formatCents(price)}`}
          </Button>
        </>
      )}
      <ul className="fine-print">
        <li>Card only. The amount is reserved for {rules.reservationMinutes} minutes while you pay. Price without tax.</li>
        <li>
          Burn it by <b>{formatDate(burnBy)}</b>. The unburned part is refunded: if the lot fails, until <b>{formatDate(settlementAt)}</b>.
        </li>
        <li>
          You may withdraw within {WITHDRAWAL_DAYS} days of paying, on the page of your purchase; what is unburned then goes back to your
          card.
        </li>
        <li>The seller can see your inputs and outputs.</li>
        <li>Your money is held until burned.</li>
      </ul>
    </Form>
  );
}

/** The field's value: first as sent, then as typed, including typing before the scripts had loaded. */
function useTypedAmount(field: { id: string; initialValue?: string | undefined }) {
  const [typed, setTyped] = useState(() => field.initialValue ?? '');
  useEffect(() => {
    const input = document.getElementById(field.id);
    if (input instanceof HTMLInputElement) setTyped(input.value);
  }, [field.id]);
  return { typed, setTyped };
}

function Price({ creditNano, discountBps }: { creditNano: bigint; discountBps: number }) {
  const price = priceCents(creditNano, discountBps);
  return (
    <>
      <LotBar size="card" faceNano={creditNano} discountBps={discountBps} soldShareBps={0} decorative />
      <SumTable
        caption="Order"
        lines={[
          { label: 'Face value', value: formatNano(creditNano) },
          { label: `You save (${formatPercent(discountBps)})`, value: formatCents(price - nanoToCents(creditNano, 'down')), kind: 'save' },
          { label: 'You pay', value: formatCents(price), kind: 'total' },
        ]}
      />
    </>
  );
}

function roundUp(nano: bigint): bigint {
  return centsToNano(nanoToCents(nano, 'up'));
}

/** $100, or what the lot and the rule on new buyers allow. */
function suggestedAmount({ listing, minimumNano, buyerRoomCents }: ListingPage): string {
  const hundred = centsToNano(10_000n);
  const room = buyerRoomCents === null ? hundred : mostCredit(buyerRoomCents, listing.discountBps);
  const most = room < hundred && room >= minimumNano ? room : hundred;
  if (listing.availableNano < most) return nanoToInput(listing.availableNano);
  return nanoToInput(minimumNano > most ? roundUp(minimumNano) : most);
}
