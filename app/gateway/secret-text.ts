/** An access key of ours or a Replicate token. An address may encode the underscore as `%5F`. */
const SECRET = /cmk(?:_|%5f)[0-9a-f]{32}(?:_|%5f)[0-9A-Za-z]{32}|r8(?:_|%5f)[0-9A-Za-z]{37}/i;
const SHORTEST_SECRET = 40;
/** Long enough to hold a secret in base64, such as in a data URL or in Basic authentication. */
const BASE64_RUN = /[0-9A-Za-z+/_-]{54,}/g;

/** Whether a text contains an access key or a provider token, also in base64. */
export function containsSecret(text: string): boolean {
  if (text.length < SHORTEST_SECRET) return false;
  if (SECRET.test(text)) return true;
  return (text.match(BASE64_RUN) ?? []).some((run) => SECRET.test(Buffer.from(run, 'base64').toString('latin1')));
}
