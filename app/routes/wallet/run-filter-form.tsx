import { Form } from '@remix-run/react';
import { Button, DateField, Field, SelectField } from '~/components/ui';
import { paths } from '~/paths';
import type { WalletKey } from '~/queries/buying/wallet.server';

interface RunFilterFormProps {
  typed: Record<string, string>;
  errors: Record<string, string>;
  keys: readonly WalletKey[];
}

const states = [
  { value: '', label: 'Any' },
  { value: 'running', label: 'Running' },
  { value: 'charged', label: 'Charged' },
  { value: 'free', label: 'Free' },
];

/** A GET form, so that a filtered list has an address of its own. */
export function RunFilterForm({ typed, errors, keys }: RunFilterFormProps) {
  const field = (name: string) => ({ name, defaultValue: typed[name] ?? '', errors: errors[name] ? [errors[name]] : [] });
  const keyOptions = [{ value: '', label: 'Any' }, ...keys.map(({ id, name }) => ({ value: id, label: name }))];
  return (
    <Form
      method="get"
      action={`${paths.wallet()}#runs`}
      className="form-inline"
      aria-label="Filters of runs"
      key={JSON.stringify(typed)}
      noValidate
    >
      <Field label="Model" mono maxLength={200} {...field('model')} />
      <SelectField label="Key" options={keyOptions} {...field('key')} />
      <SelectField label="State" options={states} {...field('state')} />
      <DateField label="From" {...field('from')} />
      <DateField label="Until" {...field('until')} />
      <Button>Filter</Button>
    </Form>
  );
}
