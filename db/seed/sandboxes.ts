import { z } from 'zod';

const Account = z.object({ token: z.string() });

/** What the seed does behind the two providers' backs: opens Replicate accounts, pays Stripe's pages, moves Stripe's clock. */
export function sandboxes(urls: { stripe: string; replicate: string }) {
  const call = async (url: string, body: unknown): Promise<unknown> => {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`The sandbox answered ${response.status} to ${new URL(url).pathname}.`);
    return response.json();
  };
  return {
    /** Opens a Replicate account with prepaid credit; answers its token. */
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
    /** The server is not up yet, and the seed asks Stripe itself: what is announced meanwhile need not arrive. */
    holdWebhooks: () => call(`${urls.stripe}/_sandbox/deliveries/pause`, {}),
    dropWebhooks: async () => {
      await call(`${urls.stripe}/_sandbox/deliveries/discard`, {});
      await call(`${urls.stripe}/_sandbox/deliveries/resume`, {});
    },
  };
}

export type Sandboxes = ReturnType<typeof sandboxes>;
