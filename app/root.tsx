import type { LinksFunction } from '@remix-run/node';
import { isRouteErrorResponse, Links, Meta, Outlet, Scripts, ScrollRestoration, useRouteError, type MetaFunction } from '@remix-run/react';
import type { ReactNode } from 'react';
import { useNonce, useRequestId } from './document-context';
import stylesheet from './styles/app.css?url';

export const meta: MetaFunction = () => [{ title: 'Credit Mart' }];

export const links: LinksFunction = () => [{ rel: 'stylesheet', href: stylesheet }];

/** The document around every page, broken ones too. */
export function Layout({ children }: { children: ReactNode }) {
  const nonce = useNonce();
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <Meta />
        <Links />
      </head>
      <body>
        {children}
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

export default function App() {
  return <Outlet />;
}

/** What went wrong in words; for what nobody expected a reference that leads to the log, never a stack. */
export function ErrorBoundary() {
  const error = useRouteError();
  const reference = useRequestId();
  const known = isRouteErrorResponse(error);
  return (
    <main>
      <h1>{known && error.status === 404 ? 'There is no such page' : 'Something broke on our side'}</h1>
      <p>
        {known ? String(error.data ?? error.statusText) : 'We have it in our log. Nothing you had bought or listed is lost.'}
        {!known && reference !== '' && ` Reference: ${reference}`}
      </p>
    </main>
  );
}
