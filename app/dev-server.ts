import { vitePages } from '~/web/development/vite-pages';
import { tellParent } from '~/web/parent';
import { runWebProcess } from '~/web/web-process';

/**
 * The web process of `npm run dev`: the same server, with pages from Vite. It never ships; scripts/market/bundler.mjs bundles it. Pages are
 * compiled while the database starts, or the process before this one still serves; then the parent sends the environment.
 */
const environment = new Promise<NodeJS.ProcessEnv>((done) => process.once('message', ({ env }: { env: NodeJS.ProcessEnv }) => done(env)));
process.once('disconnect', () => process.exit(1));

const source = await vitePages();
// A page that does not compile shows its error in the browser.
await source.load().catch(() => undefined);
tellParent({ type: 'ready' });
Object.assign(process.env, await environment);
runWebProcess(source);
