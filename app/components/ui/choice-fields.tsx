import type { ComponentProps, ReactNode } from 'react';
import { classes } from './classes';
import { FieldNotes, FieldShell } from './field';
import { describeControl, readControl, type ControlSource } from './field-source';

export interface Option {
  value: string;
  label: string;
  disabled?: boolean;
}

interface Labelled extends ControlSource {
  label: ReactNode;
  hint?: ReactNode;
  className?: string;
}

function source({ field, name, id, defaultValue, errors }: ControlSource): ControlSource {
  return { ...(field && { field }), ...(name && { name }), ...(id && { id }), defaultValue, errors };
}

type NativeSelect = Omit<ComponentProps<'select'>, 'ref' | 'id' | 'name' | 'defaultValue' | 'value' | 'children' | 'className'>;

/** A native select. */
export function SelectField({
  label,
  hint,
  options,
  className,
  field,
  name,
  id,
  defaultValue,
  errors,
  ...rest
}: Labelled & NativeSelect & { options: readonly Option[] }) {
  const control = readControl(source({ ...(field && { field }), ...(name && { name }), ...(id && { id }), defaultValue, errors }));
  return (
    <FieldShell control={control} label={label} hint={hint} className={className}>
      <select
        {...rest}
        {...describeControl(control, hint != null)}
        {...(control.value !== undefined && { defaultValue: control.value })}
        className="input"
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
    </FieldShell>
  );
}

type NativeTextarea = Omit<ComponentProps<'textarea'>, 'ref' | 'id' | 'name' | 'defaultValue' | 'value' | 'className'>;

/** Several lines of text. */
export function TextareaField({ label, hint, className, field, name, id, defaultValue, errors, ...rest }: Labelled & NativeTextarea) {
  const control = readControl(source({ ...(field && { field }), ...(name && { name }), ...(id && { id }), defaultValue, errors }));
  return (
    <FieldShell control={control} label={label} hint={hint} className={className}>
      <textarea
        {...rest}
        {...describeControl(control, hint != null)}
        {...(control.value !== undefined && { defaultValue: control.value })}
        className="input"
      />
    </FieldShell>
  );
}

interface CheckboxProps extends Omit<Labelled, 'defaultValue'> {
  /** What the form sends when it is checked. */
  value?: string;
  /** Consent starts unchecked. A conform field that was sent as `on` (or as `value`) comes back checked. */
  defaultChecked?: boolean;
  required?: boolean;
}

/** A box to tick. Its label is the whole sentence. */
export function Checkbox({ label, hint, value = 'on', defaultChecked, required, className, ...from }: CheckboxProps) {
  const control = readControl(source(from));
  return (
    <div className={classes('field', className)}>
      <div className="check">
        <input
          {...describeControl(control, hint != null)}
          type="checkbox"
          value={value}
          required={required}
          defaultChecked={defaultChecked ?? control.value === value}
        />
        <label htmlFor={control.id}>{label}</label>
      </div>
      <FieldNotes control={control} hint={hint} />
    </div>
  );
}

interface RadioGroupProps extends Labelled {
  options: ReadonlyArray<Omit<Option, 'label'> & { label: ReactNode }>;
}

/** Radio buttons. The first radio carries the group's id, so that an error summary can focus it. */
export function RadioGroup({ label, hint, options, className, ...from }: RadioGroupProps) {
  const control = readControl(source(from));
  const { id, name, ...described } = describeControl(control, hint != null);
  return (
    <fieldset className={classes('field', className)} aria-describedby={described['aria-describedby']}>
      <legend>{label}</legend>
      <div className="check-list">
        {options.map((option, index) => {
          const optionId = index === 0 ? id : `${id}-${option.value}`;
          return (
            <div className="check" key={option.value}>
              <input
                type="radio"
                id={optionId}
                name={name}
                value={option.value}
                disabled={option.disabled}
                aria-invalid={described['aria-invalid']}
                defaultChecked={control.value === option.value}
              />
              <label htmlFor={optionId}>{option.label}</label>
            </div>
          );
        })}
      </div>
      <FieldNotes control={control} hint={hint} />
    </fieldset>
  );
}

/** Checkboxes under one `name`, for filters. */
export function CheckboxList({
  label,
  name,
  options,
  selected = [],
}: {
  label: ReactNode;
  name: string;
  options: readonly Option[];
  selected?: readonly string[];
}) {
  return (
    <fieldset className="field">
      <legend>{label}</legend>
      <div className="check-list">
        {options.map((option) => (
          <div className="check" key={option.value}>
            <input
              type="checkbox"
              id={`field-${name}-${option.value}`}
              name={name}
              value={option.value}
              disabled={option.disabled}
              defaultChecked={selected.includes(option.value)}
            />
            <label htmlFor={`field-${name}-${option.value}`}>{option.label}</label>
          </div>
        ))}
      </div>
    </fieldset>
  );
}
