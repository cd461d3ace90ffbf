import { Form } from '@remix-run/react';
import { Button, DataTable, Field, MoneyField, PercentField, SumTable } from '~/components/ui';
import { paths } from '~/paths';
import { formatCents, formatNano, formatPercent, formatPricePerUsd } from '~/platform/money';
import type { GuideFigures } from './figures.server';

interface CalculatorProps {
  slug: string;
  figures: GuideFigures;
}

/** Each calculator is a GET form: its result has an address, and it works without JavaScript. */
function fieldErrors(figures: GuideFigures, name: 'count' | 'credit' | 'discount') {
  const error = figures.errors?.[name];
  return error === undefined ? {} : { errors: [error] };
}

/** What so many results cost with each priced model, there and here. */
export function ModelCosts({ slug, figures }: CalculatorProps) {
  const { typed, costs, costDiscountBps, bestDiscountBps } = figures;
  const price = formatPricePerUsd(costDiscountBps);
  return (
    <section className="guide-tool" aria-labelledby="model-costs">
      <h3 id="model-costs">What do my runs cost?</h3>
      <Form method="get" action={`${paths.guide(slug)}#model-costs`} className="form">
        <Field
          label="How many"
          name="count"
          inputMode="numeric"
          defaultValue={typed.count}
          {...fieldErrors(figures, 'count')}
          hint="Images, seconds, audio files, or thousands of tokens and characters: each line says which."
        />
        <div className="actions">
          <Button>Work it out</Button>
        </div>
      </Form>
      {costs.length > 0 && (
        <>
          <DataTable
            caption={`${typed.count} of each at Replicate, and here at ${price} per $1`}
            rows={costs}
            rowKey={(cost) => `${cost.model} ${cost.unit}`}
            columns={[
              {
                key: 'model',
                head: 'Model',
                rowHead: true,
                cell: (cost) => (
                  <>
                    <span className="mono break-words">{cost.model}</span>
                    <span className="sub">{cost.unit}</span>
                  </>
                ),
              },
              { key: 'there', head: 'At Replicate', numeric: true, cell: (cost) => formatCents(cost.thereCents) },
              { key: 'here', head: 'Here', numeric: true, cell: (cost) => <b>{formatCents(cost.hereCents)}</b> },
            ]}
          />
          <p className="hint">
            {bestDiscountBps === null
              ? 'Nothing is on sale now: this is the smallest discount of the market. '
              : 'At the best price of this moment. '}
            Replicate’s prices, with their dates, are in the <a href={`${paths.gatewayDocs()}#prices`}>price list</a>.
          </p>
        </>
      )}
    </section>
  );
}

/** What a seller's credit brings, without signing in. The same sums as in the form for a listing. */
export function SellerEstimate({ slug, figures }: CalculatorProps) {
  const { typed, estimate, rules, errors } = figures;
  return (
    <section className="guide-tool" aria-labelledby="seller-estimate">
      <h3 id="seller-estimate">What would my credit bring?</h3>
      <Form method="get" action={`${paths.guide(slug)}#seller-estimate`} className="form">
        <MoneyField label="Credit left (USD)" name="credit" defaultValue={typed.credit} {...fieldErrors(figures, 'credit')} />
        <PercentField
          label="Discount"
          name="discount"
          defaultValue={typed.discount}
          {...fieldErrors(figures, 'discount')}
          hint={`From ${rules.minDiscountBps / 100} to ${rules.maxDiscountBps / 100} %.`}
        />
        <div className="actions">
          <Button>Work it out</Button>
        </div>
      </Form>
      {estimate && !errors && (
        <>
          <SumTable
            caption="If all of it sells and burns"
            lines={[
              { label: 'Credit left', value: formatNano(estimate.faceNano) },
              { label: 'Stays unsold, so that Replicate does not slow the account', value: formatNano(-estimate.tailNano) },
              { label: `Buyers pay for ${formatNano(estimate.sellableNano)}`, value: formatCents(estimate.priceCents) },
              { label: `Fee, ${formatPercent(rules.feeBps).replace('.0%', '%')} of the price`, value: formatCents(-estimate.feeCents) },
              { label: 'You earn', value: formatCents(estimate.earningsCents), kind: 'total' },
            ]}
          />
          <p className="hint">
            What is not burned by the settlement day is yours as well. Earnings are booked; this version of the market does not pay them out
            yet.
          </p>
        </>
      )}
    </section>
  );
}
