import { Form } from '@remix-run/react';
import { Button, DateField, ErrorSummary, Field, MoneyField, RadioGroup } from '~/components/ui';
import { levelNames } from '~/modules/listings/levels';
import { paths } from '~/paths';

interface FilterFormProps {
  /** The filters in force. */
  query: Record<string, string | undefined>;
  /** The fields' values: the filters, and invalid values as typed. */
  typed: Record<string, string | undefined>;
  errors: Record<string, string>;
}

const discounts = ['30', '40', '50', '60'];
const levels = [
  { value: '', label: 'Any: each token was checked' },
  { value: '4', label: `L4 ${levelNames[4]}` },
];

/** The market's filters: a GET form, so that a filtered market has a URL of its own. */
export function FilterForm({ query, typed, errors }: FilterFormProps) {
  const error = (name: string) => (errors[name] ? [errors[name]] : []);
  const fields = [
    { label: 'Available, at least (USD)', name: 'amount', errors: error('amount') },
    { label: 'Expires after', name: 'expires', errors: error('expires') },
    { label: 'Discount', name: 'discount', errors: error('discount') },
    { label: 'Level', name: 'level', errors: error('level') },
  ].filter((field) => field.errors.length > 0);
  return (
    <Form method="get" action={paths.listings()} className="filters" aria-label="Filters" id="filters" key={JSON.stringify(typed)}>
      {fields.length > 0 && <ErrorSummary fields={fields} />}
      <Field label="Search" name="q" type="search" hint="Seller or lot" defaultValue={typed.q} errors={error('q')} maxLength={80} />
      <RadioGroup
        label="Discount"
        name="discount"
        defaultValue={query.discount ?? ''}
        errors={error('discount')}
        options={[{ value: '', label: 'Any discount' }, ...discounts.map((value) => ({ value, label: `${value}% or more` }))]}
      />
      <MoneyField label="Available, at least (USD)" name="amount" defaultValue={typed.amount} errors={error('amount')} />
      <DateField label="Expires after" name="expires" defaultValue={typed.expires} errors={error('expires')} />
      <RadioGroup label="Level" name="level" defaultValue={query.level ?? ''} errors={error('level')} options={levels} />
      {query.sort && <input type="hidden" name="sort" value={query.sort} />}
      <Button>Apply filters</Button>
    </Form>
  );
}
