import { createServer, type Plugin } from 'vite';
import type * as Simulator from './simulator';
import loading from './vite.config';

/** A bug put into one source file: the text to find, and its replacement. */
export interface SeededBug {
  file: string;
  text: string;
  instead: string;
}

/** Loads the simulator in its own module graph, with the application's source as it is or with a bug in it. */
export async function loadSimulator(bug?: SeededBug): Promise<{ simulator: typeof Simulator; close: () => Promise<void> }> {
  let seeded = false;
  const plugin: Plugin = {
    name: 'seeded-bug',
    enforce: 'pre',
    transform: (code, id) => {
      if (!bug || !id.split('?', 1)[0]?.endsWith(`/${bug.file}`)) return null;
      if (!code.includes(bug.text)) throw new Error(`${bug.file} no longer says “${bug.text}”: seed this bug anew.`);
      seeded = true;
      return code.replace(bug.text, bug.instead);
    },
  };
  const server = await createServer({ ...loading, plugins: [plugin] });
  const simulator = (await server.ssrLoadModule('/tests/sim/simulator.ts')) as typeof Simulator;
  if (bug && !seeded) throw new Error(`The simulator never loads ${bug.file}: the bug is not there.`);
  return { simulator, close: () => server.close() };
}
