import type { ReactNode } from 'react';
import { useShell } from '~/pages/use-shell';
import { MarketNow } from './market-now';

/** A form by which somebody becomes known to us, beside what the market holds at this moment. */
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
