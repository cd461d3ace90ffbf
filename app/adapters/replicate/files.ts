import { Pool } from 'undici';
import type { ProviderFiles } from '~/modules/metering/runs-port';

const TIMEOUT_MS = 30_000;

export interface FileClient extends ProviderFiles {
  close(): Promise<void>;
}

/** Output files at the provider's API, fetched without a token. Redirects are not followed. */
export function replicateFiles(options: { apiUrl: string; connections?: number }): FileClient {
  const pool = new Pool(new URL(options.apiUrl).origin, {
    connections: options.connections ?? 32,
    connectTimeout: 8_000,
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  });
  return {
    open: async (method, path, conditions) => {
      try {
        const { statusCode, headers, body } = await pool.request({ method, path, headers: { ...conditions, 'user-agent': 'credit-mart' } });
        const single = Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
        return { status: statusCode, headers: Object.fromEntries(single) as Record<string, string>, body };
      } catch {
        return null;
      }
    },
    close: () => pool.destroy(),
  };
}
