import { unprocessable } from './problems';
import { containsSecret } from './secret-text';

const LONGEST_NAME = 60;

/**
 * Checks every value and field name of a create's body. Refuses access keys and provider tokens anywhere, and addresses of the
 * provider's file store.
 * @throws Problem 422 that names the field.
 */
export function checkBody(body: Record<string, unknown>): void {
  visit(body, []);

  function visit(value: unknown, path: (string | number)[]): void {
    if (typeof value === 'string') return checkText(value, path);
    if (Array.isArray(value)) return value.forEach((part, index) => visitPart(part, index, path));
    if (typeof value !== 'object' || value === null) return;
    for (const [name, part] of Object.entries(value)) {
      if (containsSecret(name)) throw secretIn(`a field name of ${fieldPath(path)}`, body);
      visitPart(part, name, path);
    }
  }

  function visitPart(part: unknown, name: string | number, path: (string | number)[]): void {
    path.push(name);
    visit(part, path);
    path.pop();
  }

  function checkText(text: string, path: (string | number)[]): void {
    if (containsSecret(text)) throw secretIn(fieldPath(path), body);
    if (path[0] === 'input' && namesProviderFile(text)) throw providerFileIn(fieldPath(path));
  }
}

/** "input.images[2].url". */
function fieldPath(path: (string | number)[]): string {
  const name = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part.slice(0, LONGEST_NAME)}`)).join('');
  return name.replace(/^\./, '') || 'the body';
}

function secretIn(where: string, body: Record<string, unknown>): Error {
  const { input } = body;
  const sentByClient = typeof input === 'object' && input !== null && 'fileEncodingStrategy' in input;
  return unprocessable(
    `- ${where}: holds an access key or a provider token, which the seller of the lot would see. Nothing was sent.\n` +
      (sentByClient
        ? "Replicate's JavaScript client sends its own settings as the input when fileEncodingStrategy is 'data-uri': leave that option out.\n"
        : ''),
    'Secret in the request',
  );
}

/** Addresses end up in proxy logs, and the Idempotency-Key is stored. Neither may hold a secret. @throws Problem 422. */
export function refuseSecretIn(where: string, text: string | null | undefined): void {
  if (text && containsSecret(text))
    throw unprocessable(`${where}: holds an access key or a provider token. Nothing was sent.`, 'Secret in the request');
}

/** Replicate would read its own file address with the seller's token, so the file could be the seller's. */
function providerFileIn(where: string): Error {
  return unprocessable(
    `- ${where}: files in the provider’s store are not reachable here; send a public https address or a data URL\n`,
    'Input validation failed',
  );
}

/** Normalizes the address as an HTTP client does: tabs, backslashes, dots, doubled slashes and escapes. */
function namesProviderFile(text: string): boolean {
  if (!/^\s*h\s*t\s*t\s*p/i.test(text.slice(0, 100)) || !URL.canParse(text)) return false;
  const path = new URL(text).pathname.replace(/%([0-9a-f]{2})/gi, (_escape, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return /\/v1\/+files(?:\/|$)/i.test(path.replace(/\/\.(?=\/)/g, ''));
}
