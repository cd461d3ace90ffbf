import type { SubmissionResult } from '@conform-to/react';
import type { Intent } from './intents.server';

export interface Failed {
  intent: Intent;
  result: SubmissionResult<string[]>;
}

/** One of the page's forms after a refusal: its errors and the values that were typed. */
export function failedForm(failed: Failed | null, intent: Intent) {
  const mine = failed?.intent === intent ? failed.result : null;
  return {
    errors: mine?.error?.[''] ?? [],
    field: (name: string, standing = '') => {
      const typed = mine?.initialValue?.[name];
      return { name, errors: mine?.error?.[name] ?? [], defaultValue: typeof typed === 'string' ? typed : standing };
    },
  };
}
