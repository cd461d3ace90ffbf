import type { ReactNode } from 'react';
import { useShell } from '~/pages/use-shell';
import { MarketNow } from './market-now';

/** The layout of sign-in, sign-up and reset: a form beside the market's present figures. */
export function AccountPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="auth">
      <div>
        <h1>{title}</h1>
        {children}
      </div>
      <MarketNow market={useShell()?.market} />
    </div>
  );
}
