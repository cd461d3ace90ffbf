import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';

/**
 * The network that limits count for a client: an IPv4 address by itself, of IPv6 the first 64 bits, since one household or server
 * usually has all of them.
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
 * What rows keep instead of a network: enough to count by, not the address itself. Null when the network is not known, also for an address of
 * this machine: then a proxy stands in front whose word is not trusted (`TRUST_PROXY`), and everybody would count as one.
 */
export function networkKey(ip: string | null | undefined): string | null {
  if (!ip || /^(::ffff:)?127\.|^::1$/i.test(ip)) return null;
  return createHash('sha256').update(clientNetwork(ip)).digest('base64url');
}
