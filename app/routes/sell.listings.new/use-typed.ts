import { useEffect, useState, type FormEvent } from 'react';

export interface TypedTerms {
  faceValue: string;
  discount: string;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function fromForm(values: Record<string, unknown> | null | undefined): TypedTerms {
  return { faceValue: textOf(values?.faceValue), discount: textOf(values?.discount) };
}

/** What stands in the amount and discount fields: as the server saw it, and from then on as it is typed. */
export function useTyped(sent: Record<string, unknown> | null | undefined) {
  const [text, setText] = useState(() => fromForm(sent));
  useEffect(() => {
    if (sent) setText(fromForm(sent));
  }, [sent]);
  const read = (event: FormEvent<HTMLFormElement>) => {
    const form = new FormData(event.currentTarget);
    setText({ faceValue: textOf(form.get('faceValue')), discount: textOf(form.get('discount')) });
  };
  return { text, read };
}
