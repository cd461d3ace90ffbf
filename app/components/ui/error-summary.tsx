import { useId, type ReactNode } from 'react';
import { fieldId, type FieldSource } from './field-source';

interface SummaryField {
  label: string;
  /** A conform field, or the name of a plain one with its errors. */
  field?: FieldSource;
  name?: string;
  errors?: readonly string[] | undefined;
}

interface ErrorSummaryProps {
  fields?: readonly SummaryField[];
  /** Errors of the whole form. */
  errors?: readonly string[] | undefined;
  title?: string;
  children?: ReactNode;
}

function title(count: number): string {
  return count === 1 ? 'One thing to correct' : `${count} things to correct`;
}

/** Lists a form's errors on top of it, each with a link to its field. Renders nothing without errors. */
export function ErrorSummary({ fields = [], errors = [], title: given, children }: ErrorSummaryProps) {
  const headingId = useId();
  const wrong = fields.flatMap(({ label, field, name, errors: own }) =>
    (own ?? field?.errors ?? []).map((message) => ({ label, message, target: field?.id ?? fieldId(name ?? '') })),
  );
  if (wrong.length + errors.length === 0) return null;
  return (
    <div className="error-summary" role="alert" tabIndex={-1} aria-labelledby={headingId}>
      <h2 id={headingId}>{given ?? title(wrong.length + errors.length)}</h2>
      <ul>
        {errors.map((message) => (
          <li key={message}>{message}</li>
        ))}
        {wrong.map(({ label, message, target }) => (
          <li key={`${target} ${message}`}>
            <a href={`#${target}`}>
              {label}: {message}
            </a>
          </li>
        ))}
      </ul>
      {children}
    </div>
  );
}
