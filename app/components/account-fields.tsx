import type { ReactNode } from 'react';
import { Field, type FieldProps } from './ui';

interface AccountFieldProps {
  field: NonNullable<FieldProps['field']>;
  hint?: ReactNode;
}

/** The email address to sign in with. */
export function EmailField({ field, hint }: AccountFieldProps) {
  return <Field label="Email" type="email" field={field} autoComplete="username" hint={hint} required />;
}

/** A person's name. */
export function NameField({ field }: AccountFieldProps) {
  return <Field label="Name" field={field} autoComplete="name" maxLength={80} required />;
}

/** A new password. */
export function NewPasswordField({ field }: AccountFieldProps) {
  return <Field label="Password" type="password" field={field} autoComplete="new-password" hint="At least 10 characters." required />;
}
