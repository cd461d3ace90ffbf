/** The part of conform's `FieldMetadata` that a control needs; any field of `useForm` fits. */
export interface FieldSource {
  id: string;
  name: string;
  errorId: string;
  descriptionId: string;
  initialValue?: unknown;
  errors?: string[] | undefined;
}

/** Props of every control: a conform `field`, or a plain `name` with `defaultValue` and `errors`. */
export interface ControlSource {
  field?: FieldSource;
  name?: string;
  /** Default: the field's id, or `field-<name>`, so that an error summary can link to it. */
  id?: string;
  defaultValue?: string | undefined;
  errors?: readonly string[] | undefined;
}

export interface Control {
  id: string;
  name: string;
  value: string | undefined;
  errors: readonly string[];
  errorId: string;
  hintId: string;
}

/** The id a control of this name gets when it has no conform field; an error summary links to it. */
export function fieldId(name: string): string {
  return `field-${name}`;
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined;
}

/** Merges a conform field with plain props. An explicit prop wins. */
export function readControl({ field, name, id, defaultValue, errors }: ControlSource): Control {
  const controlName = name ?? field?.name ?? '';
  const controlId = id ?? field?.id ?? fieldId(controlName);
  return {
    id: controlId,
    name: controlName,
    value: defaultValue ?? toText(field?.initialValue),
    errors: errors ?? field?.errors ?? [],
    errorId: field?.errorId ?? `${controlId}-error`,
    hintId: field?.descriptionId ?? `${controlId}-hint`,
  };
}

/** The attributes that tie a control to its hint and its error. */
export function describeControl(control: Control, hasHint: boolean) {
  const invalid = control.errors.length > 0;
  const described = [invalid && control.errorId, hasHint && control.hintId].filter(Boolean).join(' ');
  return {
    id: control.id,
    name: control.name,
    ...(invalid && { 'aria-invalid': true as const }),
    ...(described !== '' && { 'aria-describedby': described }),
  };
}
