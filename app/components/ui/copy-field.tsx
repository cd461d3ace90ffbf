import { useEffect, useId, useRef, useState } from 'react';
import { useHydrated } from './use-hydrated';

interface CopyFieldProps {
  label: string;
  value: string;
  hint?: string;
  id?: string;
}

/** A read-only value to copy. The Copy button appears once JavaScript runs; the value can always be selected. */
export function CopyField({ label, value, hint, id }: CopyFieldProps) {
  const ownId = useId();
  const inputId = id ?? ownId;
  return (
    <div className="field">
      <label htmlFor={inputId}>{label}</label>
      <span className="copy">
        <input
          className="input input-mono"
          id={inputId}
          readOnly
          value={value}
          spellCheck={false}
          {...(hint && { 'aria-describedby': `${inputId}-hint` })}
        />
        <CopyButton value={value} label={label} inputId={inputId} />
      </span>
      {hint && (
        <p className="hint" id={`${inputId}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

function CopyButton({ value, label, inputId }: { value: string; label: string; inputId: string }) {
  const hydrated = useHydrated();
  const [copied, setCopied] = useState(false);
  const timer = useRef<number>();
  useEffect(() => () => window.clearTimeout(timer.current), []);
  if (!hydrated) return null;

  async function copy() {
    try {
      await navigator.clipboard.writeText(value);
    } catch {
      // Without the clipboard permission the value is at least selected, ready for the keyboard.
      const input = document.getElementById(inputId);
      if (input instanceof HTMLInputElement) input.select();
      return;
    }
    setCopied(true);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setCopied(false), 2_000);
  }

  return (
    <>
      <button className="btn" type="button" onClick={() => void copy()}>
        {copied ? 'Copied' : 'Copy'}
        <span className="visually-hidden"> {label}</span>
      </button>
      <span className="visually-hidden" role="status">
        {copied ? `${label} copied` : ''}
      </span>
    </>
  );
}
