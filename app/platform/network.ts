import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';

/**
 * The network by which limits count a client: an IPv4 address, or the first 64 bits of an IPv6 address, since one household or server
 * usually owns all of those.
 */
export function clientNetwork(ip: string): string {
  const plain = ip.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail = ''] = plain.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const [first, last] = [groups(head), groups(tail)];
  const zeros = plain.includes('::') ? new Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0') : [];
  const network = [...first, ...zeros, ...last].slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}

/**
 * A hash of the network, stored instead of the address. Null for an unknown network and for a loopback address: behind an untrusted
 * proxy (`TRUST_PROXY`) everybody would count as one.
 */
export function networkKey(ip: string | null | undefined): string | null {
  if (!ip || /^(::ffff:)?127\.|^::1$/i.test(ip)) return null;
  return createHash('sha256').update(clientNetwork(ip)).digest('base64url');
}
