/** Where a form about an account came from. */
export interface Client {
  /** Null without a network client, as in the seed: then limits count the address only. */
  ip: string | null;
  /** The browser's cookie value, which shows whether a mail link is opened in the browser that requested it. */
  browser: string | null;
}
