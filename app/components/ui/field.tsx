import type { ComponentProps, ReactNode } from 'react';
import { classes } from './classes';
import { describeControl, readControl, type Control, type ControlSource } from './field-source';

interface ShellProps {
  control: Control;
  label: ReactNode;
  hint?: ReactNode;
  className?: string | undefined;
  children: ReactNode;
}

/** Label above, control, error and hint below. */
export function FieldShell({ control, label, hint, className, children }: ShellProps) {
  return (
    <div className={classes('field', control.errors.length > 0 && 'field-bad', className)}>
      <label htmlFor={control.id}>{label}</label>
      {children}
      <FieldNotes control={control} hint={hint} />
    </div>
  );
}

/** The error, then the hint. */
export function FieldNotes({ control, hint }: { control: Control; hint: ReactNode }) {
  return (
    <>
      <FieldErrors control={control} />
      {hint != null && (
        <p className="hint" id={control.hintId}>
          {hint}
        </p>
      )}
    </>
  );
}

function FieldErrors({ control }: { control: Control }) {
  if (control.errors.length === 0) return null;
  return (
    <div id={control.errorId}>
      {control.errors.map((error) => (
        <p className="field-error" key={error}>
          <span>{error}</span>
        </p>
      ))}
    </div>
  );
}

export type FieldUnit = '$' | '%' | '¢';

type NativeInput = Omit<ComponentProps<'input'>, 'ref' | 'id' | 'name' | 'size' | 'defaultValue' | 'value'>;

export interface FieldProps extends ControlSource, NativeInput {
  label: ReactNode;
  hint?: ReactNode;
  /** Stands inside the field: $ at the left, % and ¢ at the right; also asks phones for a number pad. */
  unit?: FieldUnit;
  /** A token or the like: typed in the clear or as a password, but never sent back to the page. `type="password"` implies it. */
  secret?: boolean;
  /** The one large figure of a panel. */
  big?: boolean;
  mono?: boolean;
}

/** A labelled input. Takes a conform `field`, or `name`, `defaultValue` and `errors`. */
export function Field({
  label,
  hint,
  unit,
  secret = false,
  big = false,
  mono = false,
  field,
  name,
  id,
  defaultValue,
  errors,
  className,
  type = 'text',
  ...rest
}: FieldProps) {
  const control = readControl({ ...(field && { field }), ...(name && { name }), ...(id && { id }), defaultValue, errors });
  const hidden = secret || type === 'password';
  const input = (
    <input
      {...(unit && { inputMode: 'decimal' as const, autoComplete: 'off' })}
      {...(secret && { autoComplete: 'off', spellCheck: false })}
      {...rest}
      {...describeControl(control, hint != null)}
      {...(!hidden && control.value !== undefined && { defaultValue: control.value })}
      type={type}
      className={classes('input', big && 'input-big', mono && 'input-mono')}
    />
  );
  return (
    <FieldShell control={control} label={label} hint={hint} className={className}>
      {unit ? <Affix unit={unit} big={big} input={input} /> : input}
    </FieldShell>
  );
}

function Affix({ unit, big, input }: { unit: FieldUnit; big: boolean; input: ReactNode }) {
  return (
    <span className={classes('affix', unit !== '$' && 'affix-end', big && 'affix-big')}>
      <span aria-hidden="true">{unit}</span>
      {input}
    </span>
  );
}

/** Dollars: `$` inside, decimal pad. The form's schema reads the text; nothing is parsed here. */
export function MoneyField(props: Omit<FieldProps, 'unit' | 'type'>) {
  return <Field {...props} unit="$" />;
}

/** A percentage: `%` inside. */
export function PercentField(props: Omit<FieldProps, 'unit' | 'type'>) {
  return <Field {...props} unit="%" />;
}

/** A day, yyyy-mm-dd. */
export function DateField(props: Omit<FieldProps, 'unit' | 'type'>) {
  return <Field {...props} type="date" />;
}
