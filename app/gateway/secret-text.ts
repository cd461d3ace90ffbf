/** An access key of ours or a token of Replicate. An address may spell the underscore `%5F`. */
const SECRET = /cmk(?:_|%5f)[0-9a-f]{32}(?:_|%5f)[0-9A-Za-z]{32}|r8(?:_|%5f)[0-9A-Za-z]{37}/i;
const SHORTEST_SECRET = 40;
/** Long enough to be the base64 of a secret: the content of a data URL, the credentials of Basic authentication. */
const BASE64_RUN = /[0-9A-Za-z+/_-]{54,}/g;

/** Whether a text holds an access key or a provider token, also inside base64. */
export function containsSecret(text: string): boolean {
  if (text.length < SHORTEST_SECRET) return false;
  if (SECRET.test(text)) return true;
  return (text.match(BASE64_RUN) ?? []).some((run) => SECRET.test(Buffer.from(run, 'base64').toString('latin1')));
}
