import { type ReactNode } from 'react';
import { Button, LinkButton, type ButtonVariant } from './button';
import { Note, Toast } from './note';

interface ConfirmPageProps {
  /** Names the thing and the amount: "Withdraw $1,500.00 from lst_4t9x?" */
  title: ReactNode;
  /** Says what happens and what cannot be undone. */
  children: ReactNode;
  /** The safe choice, first. */
  keepLabel: string;
  /** Where the safe choice leads. Without it the choice posts `confirmed=no`, so that a form returns with what was typed. */
  keepTo?: string;
  confirmLabel: string;
  variant?: ButtonVariant;
  /** Name and value of the confirming button, and other hidden inputs the form needs. */
  name?: string;
  value?: string;
  hidden?: Record<string, string>;
  /** Where the form posts; this page by default. */
  action?: string;
  /** Why the act was refused, after a try. */
  refusal?: string | null;
}

/** A confirmation as a page, so that it works without JavaScript. */
export function ConfirmPage({
  title,
  children,
  keepLabel,
  keepTo,
  confirmLabel,
  variant = 'danger-solid',
  name = 'confirmed',
  value = 'yes',
  hidden = {},
  action,
  refusal = null,
}: ConfirmPageProps) {
  return (
    <div className="confirm">
      <h1>{title}</h1>
      {refusal !== null && (
        <Note tone="fail" role="alert" title="Nothing was changed.">
          {refusal}
        </Note>
      )}
      <div className="confirm-text">{children}</div>
      <form method="post" action={action}>
        {Object.entries(hidden).map(([key, text]) => (
          <input key={key} type="hidden" name={key} value={text} />
        ))}
        <div className="actions">
          {keepTo === undefined ? (
            <Button name="confirmed" value="no">
              {keepLabel}
            </Button>
          ) : (
            <LinkButton to={keepTo}>{keepLabel}</LinkButton>
          )}
          <Button variant={variant} name={name} value={value}>
            {confirmLabel}
          </Button>
        </div>
      </form>
    </div>
  );
}

interface DoneMessageProps {
  /** The `done` parameter of the URL. */
  done: string | null;
  words: Record<string, string>;
  /** The page shows a newer refusal. */
  failed?: boolean;
}

/** The message after a redirect to `?done=<intent>`. Unknown values show nothing. */
export function DoneMessage({ done, words, failed = false }: DoneMessageProps) {
  const sentence = done !== null && !failed && Object.hasOwn(words, done) ? words[done] : undefined;
  return sentence === undefined ? null : <Toast>{sentence}</Toast>;
}
