import { useEffect, useState, type FormEvent } from 'react';

export interface TypedTerms {
  faceValue: string;
  discount: string;
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function fromForm(values: Record<string, unknown> | null | undefined): TypedTerms {
  return { faceValue: toText(values?.faceValue), discount: toText(values?.discount) };
}

/** The values of the amount and discount fields: first from the server, then as typed. */
export function useTyped(sent: Record<string, unknown> | null | undefined) {
  const [text, setText] = useState(() => fromForm(sent));
  useEffect(() => {
    if (sent) setText(fromForm(sent));
  }, [sent]);
  const read = (event: FormEvent<HTMLFormElement>) => {
    const form = new FormData(event.currentTarget);
    setText({ faceValue: toText(form.get('faceValue')), discount: toText(form.get('discount')) });
  };
  return { text, read };
}
