// `npm run sim -- --seed N --steps M`: the simulator from one seed; the same seed does the same again.
import { resolve } from 'node:path';
import { checkNode, install, needsInstall } from './install.mjs';

process.chdir(resolve(import.meta.dirname, '..'));
checkNode();
if (needsInstall()) await install();
const { createServer } = await import('vite');
const { loadConfigFromFile } = await import('vite');
const config = await loadConfigFromFile({ command: 'serve', mode: 'test' }, 'tests/sim/vite.config.ts');
const server = await createServer({ ...config?.config, configFile: false });
process.env.APP_MODE = 'test';
const { main } = await server.ssrLoadModule('/tests/sim/main.ts');
const code = await main(process.argv.slice(2));
await server.close();
process.exit(code);
