import { useLocation } from '@remix-run/react';
import { useEffect, useState } from 'react';

/** The page that was shown last, whichever component shows it now. Only the browser changes it. */
let shown: { pathname: string; title: string } | null = null;

const readTitle = () => document.querySelector<HTMLElement>('main h1');

/**
 * What the browser does when a page is loaded, for steps that scripts take: after a step to another page the focus moves to its title, where
 * a screen reader reads on. When only the title changes, such as by a filter, the focus stays, and the title is announced.
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
