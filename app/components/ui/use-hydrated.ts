import { useEffect, useState } from 'react';

/** False on the server and in the first paint, true once JavaScript runs. Gate controls that need scripts on it. */
export function useHydrated(): boolean {
  const [hydrated, setHydrated] = useState(false);
  useEffect(() => setHydrated(true), []);
  return hydrated;
}
