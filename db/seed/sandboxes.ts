import { z } from 'zod';

const Account = z.object({ token: z.string() });

/** Controls of the sandboxes: opens Replicate accounts, pays on Stripe's pages, moves Stripe's clock. */
export function sandboxes(urls: { stripe: string; replicate: string }) {
  const call = async (url: string, body: unknown): Promise<unknown> => {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`The sandbox answered ${response.status} to ${new URL(url).pathname}.`);
    return response.json();
  };
  return {
    /** Opens a Replicate account with prepaid credit and returns its token. */
    openAccount: async (username: string, creditUsd: number, name?: string): Promise<string> => {
      const opened = await call(`${urls.replicate}/_sandbox/accounts`, {
        username,
        creditUsd: creditUsd.toFixed(2),
        ...(name && { name }),
        type: 'organization',
      });
      return Account.parse(opened).token;
    },
    setClock: (now: Date | null) => call(`${urls.stripe}/_sandbox/clock`, { now: now?.toISOString() ?? null }),
    pay: (sessionId: string) => call(`${urls.stripe}/_sandbox/sessions/${sessionId}/pay`, {}),
    /** The server is not running yet and the seed polls Stripe itself, so webhooks are turned off. */
    holdWebhooks: () => call(`${urls.stripe}/_sandbox/deliveries/pause`, {}),
    dropWebhooks: async () => {
      await call(`${urls.stripe}/_sandbox/deliveries/discard`, {});
      await call(`${urls.stripe}/_sandbox/deliveries/resume`, {});
    },
  };
}

export type Sandboxes = ReturnType<typeof sandboxes>;
