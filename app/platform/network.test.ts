import { expect, it } from 'vitest';
import { networkKey, clientNetwork } from './network';

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('counts %s as %s', (ip, network) => {
  expect(clientNetwork(ip)).toBe(network);
});

it('keeps a hash of a network, the same for all its addresses, and none of one that is not known', () => {
  expect(networkKey('2001:db8:1:2:3::4')).toBe(networkKey('2001:db8:1:2::9'));
  expect(networkKey('192.0.2.7')).not.toContain('192.0.2.7');
  for (const ip of [null, '', '127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1']) expect(networkKey(ip)).toBeNull();
});
