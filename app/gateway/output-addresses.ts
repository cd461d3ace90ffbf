import { createHmac, timingSafeEqual } from 'node:crypto';
import type { OutputAddresses } from '~/modules/metering/runs-port';
import { paths } from '~/paths';

/** A model may output any address as text, so only addresses that look like files are rewritten. */
const A_FILE = /\.\w{1,8}$/;

/**
 * Addresses for output files at the provider's API: `/gateway/files/{mac}/{path}`. Clients load files only from the origin of their
 * base URL, or send their key along.
 * The MAC limits fetching to addresses from a run's output. Files at other hosts (replicate.delivery) are public and stay as they are.
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
