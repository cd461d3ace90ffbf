import { useLocation } from '@remix-run/react';
import { useEffect, useState } from 'react';

/** The page shown last. Module state, since each page mounts its own component; only the browser changes it. */
let shown: { pathname: string; title: string } | null = null;

const readTitle = () => document.querySelector<HTMLElement>('main h1');

/**
 * Does for client-side navigation what browsers do on page loads: on a new page the focus moves to the title, where
 * screen readers go on. If only the title changes, such as by a filter, the focus stays and the title is announced.
 */
export function PageAnnouncer() {
  const { pathname, search, hash } = useLocation();
  const [announced, setAnnounced] = useState('');
  useEffect(() => {
    const heading = readTitle();
    const before = shown;
    const title = heading?.textContent ?? '';
    shown = { pathname, title };
    if (!before || hash) return;
    if (before.pathname !== pathname) focusOn(heading);
    else if (before.title !== title) setAnnounced(title);
  }, [pathname, search, hash]);
  return (
    <p className="visually-hidden" role="status" data-announcer>
      {announced}
    </p>
  );
}

function focusOn(heading: HTMLElement | null): void {
  const target = heading ?? document.getElementById('main');
  if (heading) heading.tabIndex = -1;
  target?.focus({ preventScroll: true });
}
