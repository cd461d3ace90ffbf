import { useRouteLoaderData } from '@remix-run/react';
import type { loader } from '~/root';

/** The root loader's data; undefined if the root loader failed. */
export function useShell() {
  return useRouteLoaderData<typeof loader>('root');
}
