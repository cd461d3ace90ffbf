import { useState, type ReactNode } from 'react';
import { classes } from './classes';
import { useHydrated } from './use-hydrated';

export type NoteTone = 'ink' | 'near' | 'fail';

interface NoteProps {
  tone?: NoteTone;
  /** The first sentence, in bold, on its own line. */
  title?: ReactNode;
  children?: ReactNode;
  /** `status` or `alert` when it answers what the reader just did. */
  role?: 'status' | 'alert';
  className?: string;
}

/** A note with a coloured rule: ink for a fact, amber for a near deadline, red for a failure. */
export function Note({ tone = 'ink', title, children, role, className }: NoteProps) {
  return (
    <div className={classes('note', tone !== 'ink' && `note-${tone}`, className)} role={role}>
      {title != null && <b>{title}</b>}
      {children}
    </div>
  );
}

interface ToastProps {
  tone?: 'ink' | 'fail';
  children: ReactNode;
  /** A link or a button, such as Undo. */
  action?: ReactNode;
  /** In the page's flow instead of the bottom left corner. */
  inline?: boolean;
}

/** An answer at the bottom left, after a redirect. It stays until closed; closing needs JavaScript. */
export function Toast({ tone = 'ink', children, action, inline = false }: ToastProps) {
  const hydrated = useHydrated();
  const [closed, setClosed] = useState(false);
  if (closed) return null;
  return (
    <div
      className={classes('toast', tone === 'fail' && 'toast-fail', !inline && 'toast-fixed')}
      role={tone === 'fail' ? 'alert' : 'status'}
    >
      <span>{children}</span>
      {action}
      {hydrated && (
        <button type="button" onClick={() => setClosed(true)}>
          Close
        </button>
      )}
    </div>
  );
}
