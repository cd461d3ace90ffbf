// `npm run sim -- --seed N --steps M`: the simulator from one seed; the same seed does the same again.
import { resolve } from 'node:path';
import { checkNode, install, needsInstall } from './install.mjs';

process.chdir(resolve(import.meta.dirname, '..'));
checkNode();
if (needsInstall()) await install();
const { withSource } = await import('./load-source.mjs');
process.env.APP_MODE = 'test';
process.exit(await withSource('/tests/sim/main.ts', ({ main }) => main(process.argv.slice(2))));
