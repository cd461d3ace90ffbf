// The processes that `npm start`, `npm run dev` and the end-to-end tests run: started with a channel, so that they go when their parent goes.
import { fork } from 'node:child_process';
import { createWriteStream, fchmodSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Stop } from './stop.mjs';

const LOG_BYTES = 20_000_000;
/** Longer than the process's own limit (app/web/parent.ts). */
const STOP_MS = 45_000;

/**
 * Starts <programs>/<name>.js, build/node unless told. In a process group of its own, so that a Ctrl-C of the terminal reaches the parent alone, which then
 * ends its children in order. Its output goes to a log file.
 *
 * @param {{ name: string, env: Record<string, string | undefined>, logs: string, programs?: string, execArgv?: string[],
 *   onLine?: (line: string) => void, onTrouble?: (line: string) => void }} options
 */
export function startProcess({ name, env, logs, programs = 'build/node', execArgv = [], onLine = () => {}, onTrouble = () => {} }) {
  const log = openLog(logs, name);
  const child = fork(join(programs, `${name}.js`), [], {
    env,
    detached: true,
    execArgv: ['--enable-source-maps', ...execArgv],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const lastWords = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.pipe(log, { end: false });
    onLines(stream, (line) => {
      onLine(line);
      lastWords.push(line);
      if (lastWords.length > 12) lastWords.shift();
      const trouble = troubleIn(line);
      if (trouble) onTrouble(`${name}: ${trouble}`);
    });
  }
  let failure = null;
  child.on('message', (message) => {
    if (message?.type === 'failed') failure = message.sentence;
  });
  const ended = new Promise((done) => child.on('exit', (code, signal) => done({ code, signal })));
  const explain = () => failure ?? lastWords.filter((line) => line.trim() !== '').at(-1) ?? `its log is ${log.path}`;
  return { name, child, ended, explain, stop: (ms) => stopProcess(child, ended, ms) };
}

/** Waits until a URL answers 2xx. @throws Stop with the process's own sentence if it ends before. */
export async function untilHealthy(process_, url, withinMs = 30_000) {
  const limit = Date.now() + withinMs;
  let over = false;
  void process_.ended.then(() => (over = true));
  while (Date.now() < limit) {
    if (over) throw new Stop(process_.explain());
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    if (answer?.ok) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Stop(`${process_.name} did not answer at ${url} within ${withinMs / 1_000} s: ${process_.explain()}`);
}

/** Waits until a process has said over its channel that it is ready. @throws Stop with its own sentence if it ends before. */
export async function untilReady(process_) {
  const ready = new Promise((done) => process_.child.on('message', (message) => message?.type === 'ready' && done(true)));
  const isReady = await Promise.race([ready, process_.ended.then(() => false)]);
  if (!isReady) throw new Stop(process_.explain());
}

async function stopProcess(child, ended, ms = STOP_MS) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), ms);
  await ended;
  clearTimeout(timer);
}

function openLog(logs, name) {
  mkdirSync(logs, { recursive: true });
  const path = join(logs, `${name}.log`);
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES) rmSync(path);
  const file = openSync(path, 'a', 0o600);
  fchmodSync(file, 0o600);
  return createWriteStream(path, { fd: file });
}

/** @param {(line: string) => void} onLine */
export function onLines(stream, onLine) {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
  });
}

/** Shortens errors of the JSON log. */
function troubleIn(line) {
  if (!line.startsWith('{"level":5') && !line.startsWith('{"level":6')) return null;
  try {
    const { msg, err, requestId } = JSON.parse(line);
    return [msg, err?.message, requestId && `(${requestId})`].filter(Boolean).join(' ');
  } catch {
    return null;
  }
}
