import { fileURLToPath } from 'node:url';

const folder = (path: string) => fileURLToPath(new URL(`./${path}`, import.meta.url));

/** The same names as in tsconfig.json's `paths`; `~db` stands before `~`. */
export const aliases = [
  { find: /^~db\//, replacement: `${folder('db')}/` },
  { find: /^~sandbox\//, replacement: `${folder('sandbox')}/` },
  { find: /^~tests\//, replacement: `${folder('tests')}/` },
  { find: /^~\//, replacement: `${folder('app')}/` },
];
