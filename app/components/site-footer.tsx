import { Form } from '@remix-run/react';
import { Link } from './ui/link';
import { paths } from '~/paths';

export type Theme = 'system' | 'light' | 'dark';

export interface FooterProps {
  /** The rules of the market now, a few words each: "fee 10% of the price, paid by the seller". */
  policy: readonly string[];
  theme: Theme;
  /** Where the theme form comes back to. */
  pathname: string;
  /** The contact address; null if the frame's data could not be loaded. */
  contactEmail: string | null;
  /** Shows the link to the demo's outgoing mail. */
  demo?: boolean;
}

const themes: ReadonlyArray<{ value: Theme; label: string }> = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

/** The rules, links to terms and privacy, and the theme switch. */
export function SiteFooter({ policy, theme, pathname, contactEmail, demo = false }: FooterProps) {
  const links = [
    { label: 'How it works', to: paths.howItWorks() },
    { label: 'Gateway docs', to: paths.gatewayDocs() },
    { label: 'Guides', to: paths.guides() },
    { label: 'Terms', to: paths.terms() },
    { label: 'Privacy', to: paths.privacy() },
    ...(demo ? [{ label: 'Mail of this demo', to: paths.devMail() }] : []),
  ];
  return (
    <footer className="site-footer">
      <div className="sheet">
        <div>
          <p>Credit Mart is independent of Replicate.</p>
          {contactEmail && (
            <p className="space-above-3">
              Write to us: <a href={`mailto:${contactEmail}`}>{contactEmail}</a>
            </p>
          )}
        </div>
        <div>
          <ul className="policy-line">
            {policy.map((rule) => (
              <li key={rule}>{rule}</li>
            ))}
          </ul>
          <nav aria-label="Footer">
            <ul>
              {links.map(({ label, to }) => (
                <li key={to}>
                  <Link to={to}>{label}</Link>
                </li>
              ))}
            </ul>
          </nav>
        </div>
        <ThemeSwitch theme={theme} pathname={pathname} />
      </div>
    </footer>
  );
}

/** Posts `theme` and `returnTo`; the choice lives in a cookie, so it works without JavaScript and does not flash. */
function ThemeSwitch({ theme, pathname }: { theme: Theme; pathname: string }) {
  return (
    <Form method="post" action={paths.theme()} preventScrollReset>
      <input type="hidden" name="returnTo" value={pathname} />
      <div className="theme-switch" role="group" aria-label="Theme">
        {themes.map(({ value, label }) => (
          <button key={value} type="submit" name="theme" value={value} aria-pressed={theme === value}>
            {label}
          </button>
        ))}
      </div>
    </Form>
  );
}
