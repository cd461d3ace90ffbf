import { Form } from '@remix-run/react';
import { Button, DateField, Field, SelectField } from '~/components/ui';
import { paths } from '~/paths';
import { actionWords } from '../admin/audit-words';

interface AuditFilterFormProps {
  typed: Record<string, string>;
  errors: Record<string, string>;
}

const actions = [{ value: '', label: 'Anything' }, ...Object.entries(actionWords).map(([value, label]) => ({ value, label }))];

/** A GET form, so that a filtered log has an address of its own. */
export function AuditFilterForm({ typed, errors }: AuditFilterFormProps) {
  const field = (name: string) => ({ name, defaultValue: typed[name] ?? '', errors: errors[name] ? [errors[name]] : [] });
  return (
    <Form method="get" action={paths.admin.audit()} className="form-inline" aria-label="Filters" key={JSON.stringify(typed)} noValidate>
      <Field label="Who" maxLength={200} {...field('who')} />
      <SelectField label="Did what" options={actions} {...field('action')} />
      <Field label="To what (id)" mono maxLength={200} {...field('subject')} />
      <DateField label="From" {...field('from')} />
      <DateField label="Until" {...field('until')} />
      <Button>Filter</Button>
    </Form>
  );
}
