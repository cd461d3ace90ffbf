// The environment of a demo market's processes, and the part of it that commands need to reach the market.

/** Our defaults, then what the environment gives, then what the demo decides. */
export function demoEnv({ dataDir, secrets, ports, defaults }) {
  const realStripe = Boolean(process.env.STRIPE_SECRET_KEY) && !process.env.STRIPE_API_URL;
  const all = {
    ...secrets,
    ...(realStripe ? {} : { STRIPE_API_URL: sandboxUrls(ports).stripe }),
    REPLICATE_API_URL: sandboxUrls(ports).replicate,
    PUBLIC_URL: `http://127.0.0.1:${ports.PORT}`,
    // A placeholder until the embedded database has a port; check-env only needs a value.
    DATABASE_URL: 'postgres://postgres@127.0.0.1/credit_mart',
    ...defaults,
  };
  const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
  const { DATABASE_PASSWORD: _owner, DATABASE_APP_PASSWORD: _app, ...env } = { ...all, ...given, APP_MODE: 'demo', DATA_DIR: dataDir };
  for (const [name, port] of Object.entries(ports)) env[name] = String(port);
  return env;
}

export const sandboxUrls = (ports) => ({
  stripe: `http://127.0.0.1:${ports.STRIPE_SANDBOX_PORT}`,
  replicate: `http://127.0.0.1:${ports.REPLICATE_SANDBOX_PORT}`,
});

const SETTINGS = [
  'APP_MODE',
  'DATA_DIR',
  'DATABASE_URL',
  'PUBLIC_URL',
  'PORT',
  'VAULT_KEYS',
  'APP_SECRET',
  'STRIPE_SECRET_KEY',
  'STRIPE_WEBHOOK_SECRET',
  'STRIPE_API_URL',
  'STRIPE_SANDBOX_PORT',
  'REPLICATE_API_URL',
  'REPLICATE_SANDBOX_PORT',
  'SMTP_URL',
  'MAIL_FROM',
  'CONTACT_EMAIL',
  'DEMO_REAL_KEYS',
  'STRIPE_LIVE_ACK',
];

/** The settings with which commands such as `npm run admin` reach this market. */
export function settingsFor(env) {
  return Object.fromEntries(SETTINGS.filter((name) => env[name] !== undefined).map((name) => [name, env[name]]));
}
