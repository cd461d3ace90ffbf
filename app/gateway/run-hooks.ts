import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RunHooks } from '~/modules/metering/runs-port';
import { paths } from '~/paths';

/**
 * Addresses for Replicate's webhooks: `/gateway/hooks/{run}/{mac}`. The MAC makes them unforgeable. They are sent only if Replicate can
 * reach us: over https, or with both on this machine.
 */
export function createRunHooks(options: { publicUrl: string; replicateApiUrl: string; secret: string }): RunHooks {
  const reachable =
    new URL(options.publicUrl).protocol === 'https:' || (isLoopback(options.publicUrl) && isLoopback(options.replicateApiUrl));
  const computeMac = (runId: string) => createHmac('sha256', options.secret).update(`run-hook:${runId}`).digest('base64url');
  return {
    hookUrl: (runId) => (reachable ? `${options.publicUrl}${paths.gatewayHook(runId, computeMac(runId))}` : null),
    holds: (runId, mac) => {
      const [given, right] = [Buffer.from(mac), Buffer.from(computeMac(runId))];
      return given.length === right.length && timingSafeEqual(given, right);
    },
  };
}

function isLoopback(url: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
}
