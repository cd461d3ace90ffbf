import type { LinksFunction, LoaderFunctionArgs } from '@remix-run/node';
import {
  Form,
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useLocation,
  useRouteError,
  type MetaFunction,
  type ShouldRevalidateFunction,
} from '@remix-run/react';
import type { ReactNode } from 'react';
import { Button, Note, Toast } from './components/ui';
import { SiteFrame } from './components';
import { PageAnnouncer } from './components/page-announcer';
import { readTheme } from './pages/cookies.server';
import { useNonce, useScripted } from './pages/document-context';
import { ErrorPage } from './pages/error-page';
import { isPublicPage, pictureOf } from './pages/indexed';
import { paths } from './paths';
import { findShell } from './queries/people/shell.server';
import { requestCtx } from './pages/request-context.server';
import stylesheet from './styles/app.css?url';
import { preloadFontUrl } from './styles/fonts';
import { useShell } from './pages/use-shell';

export const meta: MetaFunction = () => [{ title: 'Credit Mart' }];

export const links: LinksFunction = () => [
  { rel: 'preload', as: 'font', type: 'font/woff2', href: preloadFontUrl, crossOrigin: 'anonymous' },
  { rel: 'stylesheet', href: stylesheet },
  { rel: 'icon', href: '/favicon.ico', sizes: '32x32' },
  { rel: 'icon', href: '/favicon.svg', type: 'image/svg+xml' },
  { rel: 'apple-touch-icon', href: '/apple-touch-icon.png' },
  { rel: 'manifest', href: '/site.webmanifest' },
];

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requestCtx(args);
  const [shell, theme] = await Promise.all([findShell(ctx), readTheme(args.request)]);
  return { ...shell, theme };
}

/** Reload the frame's data after a form or on another page, but not for a changed query string. */
export const shouldRevalidate: ShouldRevalidateFunction = ({ currentUrl, nextUrl, formMethod, defaultShouldRevalidate }) => {
  if (formMethod === undefined && currentUrl.pathname === nextUrl.pathname) return false;
  return defaultShouldRevalidate;
};

/** Zod would try to compile schemas with eval, which our Content-Security-Policy forbids. Turn it off before schemas load. */
const withoutEval = 'globalThis.__zod_globalConfig={jitless:true}';

/** The document around every page, broken ones too. */
export function Layout({ children }: { children: ReactNode }) {
  const nonce = useNonce();
  const shell = useShell();
  const theme = shell?.theme ?? 'system';
  const scripted = useScripted();
  return (
    <html lang="en" {...(theme !== 'system' && { 'data-theme': theme })}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <ThemeColor theme={theme} />
        <Meta />
        <Shared />
        <Links />
        {scripted && <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: withoutEval }} />}
      </head>
      <body>
        <Frame>{children}</Frame>
        {scripted && <PageAnnouncer />}
        {scripted && <ScrollRestoration nonce={nonce} />}
        {scripted && <Scripts nonce={nonce} />}
      </body>
    </html>
  );
}

/** The browser's own frame in the colour of the paper (tokens.css). */
function ThemeColor({ theme }: { theme: 'system' | 'light' | 'dark' }) {
  const paper = { light: '#f6f4ef', dark: '#131416' };
  if (theme !== 'system') return <meta name="theme-color" content={paper[theme]} />;
  return (
    <>
      <meta name="theme-color" media="(prefers-color-scheme: light)" content={paper.light} />
      <meta name="theme-color" media="(prefers-color-scheme: dark)" content={paper.dark} />
    </>
  );
}

/** The one address of a public page, and what is shown where somebody shares it. A page that went wrong has neither. */
function Shared() {
  const origin = useShell()?.origin;
  const { pathname } = useLocation();
  const hasFailed = useRouteError() != null;
  if (origin === undefined || hasFailed || !isPublicPage(pathname)) return null;
  const url = origin + pathname;
  return (
    <>
      <link rel="canonical" href={url} />
      <link rel="alternate" type="application/rss+xml" title="Guides" href={origin + paths.guidesFeed()} />
      <meta property="og:site_name" content="Credit Mart" />
      <meta property="og:type" content="website" />
      <meta property="og:url" content={url} />
      <meta property="og:image" content={origin + pictureOf(pathname)} />
      <meta property="og:image:width" content="1200" />
      <meta property="og:image:height" content="630" />
      <meta name="twitter:card" content="summary_large_image" />
    </>
  );
}

/** Header, market strip and footer; without data if the root loader failed. */
function Frame({ children }: { children: ReactNode }) {
  const shell = useShell();
  const { pathname, search } = useLocation();
  const { viewer = null, policy = [], theme = 'system', market = null, contactEmail = null, demo = false } = shell ?? {};
  return (
    <SiteFrame viewer={viewer} pathname={pathname} policy={policy} theme={theme} market={market} contactEmail={contactEmail} demo={demo}>
      {viewer && !viewer.verified && pathname !== paths.verify() && <Unverified email={viewer.email} next={pathname + search} />}
      {children}
      {viewer?.verified && new URLSearchParams(search).has('verified') && <Toast>Your address is verified, and you are signed in.</Toast>}
    </SiteFrame>
  );
}

/** Shown on every page until the address is verified. The mailed link leads back to the page it was requested on. */
function Unverified({ email, next }: { email: string; next: string }) {
  return (
    <div className="space-above-5">
      <Note tone="near" title="Verify your address.">
        Open the link we mailed to <span className="break-words">{email}</span>: buying and selling start then.
        <Form method="post" action={paths.verify({ resend: 1, next })} className="actions space-above-3">
          <input type="hidden" name="email" value={email} />
          <Button size="small">Send the link again</Button>
        </Form>
      </Note>
    </div>
  );
}

export default function App() {
  return <Outlet />;
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
