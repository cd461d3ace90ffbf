/** From where a form about an account was sent. */
export interface Client {
  /** Null where there is no network client, such as in the seed: then only the address is counted. */
  ip: string | null;
  /** The value of the browser's own cookie, which tells whether a mail link is opened in the browser that asked for it. */
  browser: string | null;
}
