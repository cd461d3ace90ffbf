import { createHmac, timingSafeEqual } from 'node:crypto';
import type { OutputAddresses } from '~/modules/metering/runs-port';
import { paths } from '~/paths';

/** A model may write any address as its text: only what looks like a file is passed through. */
const A_FILE = /\.\w{1,8}$/;

/**
 * Addresses for output files that lie at the provider's API itself, as the sandbox's do: `/gateway/files/{mac}/{path there}`. Clients
 * load files from their base URL's origin only, or send their key along. The MAC makes an address that only a run's output can have got:
 * nothing else is fetched. Files at other hosts (replicate.delivery) are public and keep their addresses.
 */
export function createOutputAddresses(options: { publicUrl: string; replicateApiUrl: string; secret: string }): OutputAddresses {
  const { origin } = new URL(options.replicateApiUrl);
  const computeMac = (path: string) => createHmac('sha256', options.secret).update(`output-file:${path}`).digest('base64url');
  return {
    rewriteUrl: (url) => {
      if (!url.startsWith(`${origin}/`) || !URL.canParse(url)) return url;
      const { pathname, search } = new URL(url);
      const path = pathname + search;
      if (!A_FILE.test(pathname)) return url;
      return `${options.publicUrl}${paths.gatewayFile(computeMac(path), path)}`;
    },
    holds: (path, mac) => {
      const [given, right] = [Buffer.from(mac), Buffer.from(computeMac(path))];
      return given.length === right.length && timingSafeEqual(given, right);
    },
  };
}
