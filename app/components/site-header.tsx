import { Form } from '@remix-run/react';
import { Link } from './ui/link';
import { formatNano } from '~/platform/money';
import { paths } from '~/paths';
import { LinkButton } from './ui/button';
import { Wordmark } from './wordmark';

export interface Viewer {
  name: string;
  email: string;
  isAdmin: boolean;
  /** Credit left to burn in all open grants. */
  walletNano: bigint;
}

interface HeaderProps {
  /** Null for a visitor. */
  viewer: Viewer | null;
  pathname: string;
}

interface NavLink {
  label: string;
  to: string;
}

function mainLinks(viewer: Viewer | null): NavLink[] {
  return [
    { label: 'Browse', to: paths.listings() },
    { label: 'Sell', to: paths.sell() },
    { label: 'How it works', to: paths.howItWorks() },
    { label: 'Docs', to: paths.gatewayDocs() },
    { label: 'Guides', to: paths.guides() },
    ...(viewer?.isAdmin ? [{ label: 'Admin', to: paths.admin.queue() }] : []),
  ];
}

function accountLinks(viewer: Viewer): NavLink[] {
  return [
    { label: `Wallet ${formatNano(viewer.walletNano)}`, to: paths.wallet() },
    { label: 'Purchases', to: paths.transactions() },
    { label: 'Offers', to: paths.offers() },
    { label: viewer.email, to: paths.settings() },
  ];
}

function isCurrent(to: string, pathname: string): boolean {
  return pathname === to || pathname.startsWith(`${to}/`);
}

function NavItem({ link, pathname }: { link: NavLink; pathname: string }) {
  return (
    <li>
      <Link to={link.to} {...(isCurrent(link.to, pathname) && { 'aria-current': 'page' as const })}>
        {link.label}
      </Link>
    </li>
  );
}

/** Word-mark, the ways through the market, the reader's account. On narrow screens the links fold into a menu; buying and selling stay. */
export function SiteHeader({ viewer, pathname }: HeaderProps) {
  return (
    <header className="site-header">
      <div className="sheet">
        <Link className="wordmark" to={paths.home()}>
          <Wordmark />
        </Link>
        <nav className="site-nav" aria-label="Main">
          <ul>
            {mainLinks(viewer).map((link) => (
              <NavItem key={link.to} link={link} pathname={pathname} />
            ))}
          </ul>
        </nav>
        <div className="site-account">
          <div className="site-trade">
            <LinkButton size="small" to={paths.listings()}>
              Buy credit
            </LinkButton>
            <LinkButton size="small" to={paths.sellNew()}>
              Sell credit
            </LinkButton>
          </div>
          {viewer ? <Account viewer={viewer} /> : <VisitorLinks />}
        </div>
        <Menu viewer={viewer} pathname={pathname} />
      </div>
    </header>
  );
}

function Account({ viewer }: { viewer: Viewer }) {
  return (
    <>
      <Link className="desk-only" to={paths.wallet()}>
        <span className="muted">Wallet</span> <b>{formatNano(viewer.walletNano)}</b>
      </Link>
      <Link className="desk-only roomy-only" to={paths.transactions()}>
        Purchases
      </Link>
      <Link className="desk-only roomy-only" to={paths.offers()}>
        Offers
      </Link>
      <Link className="desk-only account-name" to={paths.settings()} title={`${viewer.name}, ${viewer.email}`}>
        <span>{viewer.name}</span>
      </Link>
      <SignOut className="desk-only" />
    </>
  );
}

function SignOut({ className }: { className?: string }) {
  return (
    <Form method="post" action={paths.signOut()} className={className}>
      <button className="sign-out" type="submit">
        Sign out
      </button>
    </Form>
  );
}

function VisitorLinks() {
  return (
    <>
      <Link className="desk-only" to={paths.signIn()}>
        Sign in
      </Link>
      <Link className="desk-only" to={paths.signUp()}>
        Create account
      </Link>
    </>
  );
}

/** A native disclosure; the key closes it after a step to another page. */
function Menu({ viewer, pathname }: HeaderProps) {
  const visitor: NavLink[] = [
    { label: 'Sign in', to: paths.signIn() },
    { label: 'Create account', to: paths.signUp() },
  ];
  return (
    <details className="site-menu" key={pathname}>
      <summary>Menu</summary>
      <nav aria-label="Menu">
        <ul>
          {[...mainLinks(viewer), ...(viewer ? accountLinks(viewer) : visitor)].map((link) => (
            <NavItem key={link.to} link={link} pathname={pathname} />
          ))}
          {viewer && (
            <li>
              <SignOut />
            </li>
          )}
        </ul>
      </nav>
    </details>
  );
}
