import type { ReactNode } from 'react';
import { Field, type FieldProps } from './ui';

interface AccountFieldProps {
  field: NonNullable<FieldProps['field']>;
  hint?: ReactNode;
}

/** By which somebody signs in. */
export function EmailField({ field, hint }: AccountFieldProps) {
  return <Field label="Email" type="email" field={field} autoComplete="username" hint={hint} required />;
}

/** What a person is called. */
export function NameField({ field }: AccountFieldProps) {
  return <Field label="Name" field={field} autoComplete="name" maxLength={80} required />;
}

/** A password that is chosen, not one that is known already. */
export function NewPasswordField({ field }: AccountFieldProps) {
  return <Field label="Password" type="password" field={field} autoComplete="new-password" hint="At least 10 characters." required />;
}
