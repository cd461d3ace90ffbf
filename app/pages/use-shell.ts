import { useRouteLoaderData } from '@remix-run/react';
import type { loader } from '~/root';

/** What the root has loaded for every page; undefined where the root itself failed. */
export function useShell() {
  return useRouteLoaderData<typeof loader>('root');
}
