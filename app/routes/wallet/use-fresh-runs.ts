import { useRevalidator } from '@remix-run/react';
import { useEffect } from 'react';

const WHILE_RUNNING_MS = 3_000;
const AT_REST_MS = 15_000;

/**
 * Reloads the page's figures while it is visible: often during open runs, seldom otherwise. Not while a form shows
 * errors, since they would be lost.
 */
export function useFreshRuns(underWay: boolean, showsErrors: boolean): void {
  const { revalidate, state } = useRevalidator();
  useEffect(() => {
    if (showsErrors) return;
    const timer = setInterval(
      () => {
        if (document.visibilityState === 'visible' && state === 'idle') revalidate();
      },
      underWay ? WHILE_RUNNING_MS : AT_REST_MS,
    );
    return () => clearInterval(timer);
  }, [underWay, showsErrors, revalidate, state]);
}
