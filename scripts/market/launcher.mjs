// Starts the processes of one market and ends them in order. `npm start` runs what is built, `npm run dev` what esbuild bundled.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onLines, startProcess, untilHealthy, untilReady } from '../children.mjs';
import { Stop } from '../stop.mjs';

export class Launcher {
  #started = [];
  #stopping = null;
  #commandUnderWay = null;
  #programs;

  /** @param {{ programs: string }} options the folder of the bundled processes */
  constructor({ programs }) {
    this.#programs = programs;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void this.stop(0));
    this.#watchParent();
  }

  /** Runs the whole start; a failure ends the process with a sentence, and everything that was started. */
  async main(work) {
    try {
      await work();
    } catch (error) {
      if (this.#stopping) return;
      process.stderr.write(error instanceof Stop ? `\n${error.message}\n` : `\n${error?.stack ?? error}\n`);
      await this.stop(1);
    }
  }

  /** Ends `thing` when the market stops, before all that was added earlier. */
  add(thing) {
    this.#started.push(thing);
  }

  /** Starts a process. The market stops when it ends by itself, unless `mayEnd` says otherwise. */
  start(name, env, { dataDir, execArgv = [], mayEnd = () => false, onLine = () => {} }) {
    const running = startProcess({
      name,
      env,
      programs: this.#programs,
      logs: join(dataDir, 'logs'),
      execArgv,
      onLine,
      onTrouble: (line) => say(`  ! ${line}`),
    });
    this.add(running);
    void running.ended.then(({ code, signal }) => {
      this.#started = this.#started.filter((thing) => thing !== running);
      if (this.#stopping || mayEnd(running)) return;
      process.stderr.write(`\n${name} ended by itself (${signal ?? code}): ${running.explain()}\n`);
      void this.stop(1);
    });
    return running;
  }

  /** Starts a process and waits until it serves. A process without HTTP sends a message when it is ready. */
  async run(name, env, { dataDir, healthUrl = null }) {
    const running = this.start(name, env, { dataDir });
    await (healthUrl ? untilHealthy(running, healthUrl) : untilReady(running));
  }

  /** Runs a program to its end. @throws Stop with its standard error when it fails. */
  command(name, env, onLine = () => {}) {
    return new Promise((done, fail) => {
      const child = spawn(process.execPath, ['--enable-source-maps', join(this.#programs, `${name}.js`)], {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      });
      this.#commandUnderWay = child;
      let said = '';
      child.stderr.on('data', (bytes) => (said += bytes));
      onLines(child.stdout, onLine);
      child.on('error', fail);
      child.on('close', (code) => {
        this.#commandUnderWay = null;
        if (code === 0) done();
        else fail(new Stop(said.trim() || `${name} failed.`));
      });
    });
  }

  async step(what, work) {
    const from = Date.now();
    say(`  · ${what} …`);
    const result = await work();
    if (!this.#stopping) say(`    done in ${((Date.now() - from) / 1_000).toFixed(1)} s`);
    return result;
  }

  /** Stops everything in reverse order, the database last. A second signal is ignored: each step has a time limit. */
  stop(code) {
    this.#stopping ??= (async () => {
      if (this.#started.length > 1 && code === 0) say('\n  Stopping …');
      this.#commandUnderWay?.kill('SIGKILL');
      for (const thing of [...this.#started].reverse()) await thing.stop().catch((error) => process.stderr.write(`${error.message}\n`));
      process.exit(code);
    })();
    return this.#stopping;
  }

  /** Stops when npm ends: a SIGKILL of npm, or a SIGTERM that its shell does not pass on, would leave this process running. */
  #watchParent() {
    if (!['start', 'dev'].includes(process.env.npm_lifecycle_event) || process.platform === 'win32') return;
    const lineage = () => `${process.ppid} ${parentOfShell(process.ppid)}`;
    const born = lineage();
    setInterval(() => {
      if (lineage() !== born) void this.stop(1);
    }, 500).unref();
  }
}

export function say(line) {
  process.stdout.write(`${line}\n`);
}

function parentOfShell(pid) {
  try {
    const [, name, parent] = /^\d+ \((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return name?.endsWith('sh') ? parent : '';
  } catch {
    return '';
  }
}
