// Loads one TypeScript module of the project without a build.
import { createServer, loadConfigFromFile } from 'vite';

/**
 * @template T
 * @param {string} path from the root of the project, such as '/db/functions.server.ts'
 * @param {(module: any) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withSource(path, use) {
  const found = await loadConfigFromFile({ command: 'serve', mode: 'test' }, 'tests/sim/vite.config.ts');
  const server = await createServer({ ...found?.config, configFile: false });
  try {
    return await use(await server.ssrLoadModule(path));
  } finally {
    await server.close();
  }
}
