import { useEffect, useState } from 'react';

/** False on the server and in the first paint, true once JavaScript runs: what needs a script appears only then. */
export function useHydrated(): boolean {
  const [hydrated, setHydrated] = useState(false);
  useEffect(() => setHydrated(true), []);
  return hydrated;
}
