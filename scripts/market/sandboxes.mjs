// The stand-ins for Stripe and Replicate, each a process with a journal in DATA_DIR.
import { join } from 'node:path';
import { sandboxUrls } from './demo-env.mjs';

export const journal = (dataDir, which) => join(dataDir, `${which}-sandbox.journal`);

/** Starts each sandbox whose address the environment names; with real keys it is not needed. */
export async function startSandboxes(launcher, env, ports, dataDir) {
  const urls = sandboxUrls(ports);
  const wanted = [];
  if (env.STRIPE_API_URL === urls.stripe) wanted.push(['stripe', 'Stripe', stripeSettings(env, ports, dataDir)]);
  if (env.REPLICATE_API_URL === urls.replicate) {
    const settings = {
      REPLICATE_SANDBOX_PORT: String(ports.REPLICATE_SANDBOX_PORT),
      REPLICATE_SANDBOX_JOURNAL: journal(dataDir, 'replicate'),
    };
    wanted.push(['replicate', 'Replicate', settings]);
  }
  const { PATH, HOME, TZ, NODE_ENV } = env;
  for (const [which, name, settings] of wanted) {
    await launcher.step(`Starting the ${name} sandbox`, () =>
      launcher.run(`${which}-sandbox`, { PATH, HOME, TZ, NODE_ENV, ...settings }, { dataDir, healthUrl: `${urls[which]}/_sandbox/health` }),
    );
  }
}

function stripeSettings(env, ports, dataDir) {
  return {
    STRIPE_SANDBOX_PORT: String(ports.STRIPE_SANDBOX_PORT),
    STRIPE_SANDBOX_JOURNAL: journal(dataDir, 'stripe'),
    STRIPE_SANDBOX_SECRET_KEY: env.STRIPE_SECRET_KEY,
    STRIPE_SANDBOX_WEBHOOK_URL: `http://127.0.0.1:${ports.PORT}/webhooks/stripe`,
    STRIPE_SANDBOX_WEBHOOK_SECRET: env.STRIPE_WEBHOOK_SECRET,
  };
}
