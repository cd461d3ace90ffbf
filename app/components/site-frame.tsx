import type { ReactNode } from 'react';
import { MarketStrip, type MarketFigures } from './market-strip';
import { PatternDefs } from './pattern-defs';
import { SiteFooter, type Theme } from './site-footer';
import { SiteHeader, type Viewer } from './site-header';

interface SiteFrameProps {
  viewer: Viewer | null;
  pathname: string;
  policy: readonly string[];
  theme: Theme;
  /** The strip under the header; left out where there is no market yet. */
  market?: MarketFigures | null;
  contactEmail?: string | null;
  demo?: boolean;
  children: ReactNode;
}

/** Everything around a page: skip link, patterns, header, strip, `main`, footer. */
export function SiteFrame({ viewer, pathname, policy, theme, market, contactEmail = null, demo = false, children }: SiteFrameProps) {
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <PatternDefs />
      <SiteHeader viewer={viewer} pathname={pathname} />
      {market && <MarketStrip {...market} />}
      <main id="main" className="sheet" tabIndex={-1}>
        {children}
      </main>
      <SiteFooter policy={policy} theme={theme} pathname={pathname} contactEmail={contactEmail} demo={demo} />
    </>
  );
}
