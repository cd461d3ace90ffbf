import { Form } from '@remix-run/react';
import { paths } from '~/paths';
import { formatCents, formatNano } from '~/platform/money';
import { Button, LinkButton } from './ui/button';
import { Note } from './ui/note';
import { Time, type Moment } from './ui/time';

export interface OpenCheckoutRow {
  checkoutId: string;
  creditNano: bigint;
  priceCents: bigint;
  expiresAt: Moment;
  /** The accepted offer that this pays for: canceling ends it, so it is confirmed first. */
  offerId: string | null;
}

/** The buyer's unpaid checkouts, which keep credit reserved, with links to pay or cancel. Renders nothing without any. */
export function OpenCheckouts({ rows }: { rows: readonly OpenCheckoutRow[] }) {
  return rows.map((row) => (
    <Note
      key={row.checkoutId}
      className="space-below-5"
      tone="near"
      title={`${formatNano(row.creditNano)} of credit waits for your payment of ${formatCents(row.priceCents)}.`}
    >
      It is reserved for you until <Time at={row.expiresAt} />. Nothing was charged yet.
      <Form method="post" action={paths.checkout(row.checkoutId)} className="actions space-above-3">
        <Button name="intent" value="pay">
          Continue to payment
        </Button>
        {row.offerId === null ? (
          <Button variant="quiet" name="intent" value="cancel">
            Cancel it
          </Button>
        ) : (
          <LinkButton variant="quiet" to={paths.checkout(row.checkoutId, { ask: 'cancel' })}>
            Cancel it…
          </LinkButton>
        )}
      </Form>
    </Note>
  ));
}
