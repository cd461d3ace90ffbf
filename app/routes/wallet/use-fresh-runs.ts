import { useRevalidator } from '@remix-run/react';
import { useEffect } from 'react';

const WHILE_RUNNING_MS = 3_000;
const AT_REST_MS = 15_000;

/**
 * Reads the page's figures anew while it is looked at: often while runs are under way, seldom otherwise. Not while a form shows what is
 * wrong, since that would be lost. Without JavaScript a reload does.
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
