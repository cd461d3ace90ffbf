import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Load {
  origin: string;
  connections: number;
  seconds: number;
  /** Requested in turn by each thread; set `inRandomOrder` for random pages. */
  paths: string[];
  method?: 'GET' | 'POST';
  /** Sets of headers, used in turn, for example one for each access key. */
  headers?: Record<string, string>[];
  body?: string;
  inRandomOrder?: boolean;
}

export interface LoadResult {
  requests: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Answers of 400 and above, and broken connections. A benchmark with any is invalid. */
  failed: number;
}

/** Drives load with wrk, one thread, since it shares the cores with what it measures. */
export async function driveLoad(load: Load): Promise<LoadResult> {
  const folder = await mkdtemp(join(tmpdir(), 'credit-mart-wrk-'));
  try {
    const script = join(folder, 'load.lua');
    await writeFile(script, writeScript(load));
    const args = ['-t1', `-c${load.connections}`, `-d${load.seconds}s`, '--timeout', '10s', '-s', script, load.origin];
    return parse(await output('wrk', args));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function writeScript({ paths, method = 'GET', headers = [{}], body, inRandomOrder = false }: Load): string {
  const next = inRandomOrder ? 'math.random(#requests)' : '(n % #requests) + 1';
  const each = headers.flatMap((set) => paths.map((path) => ({ path, set })));
  return `
local requests = {}
local n = 0
init = function()
  math.randomseed(7)
${each.map(({ path, set }) => `  requests[#requests + 1] = wrk.format(${quoted(method)}, ${quoted(path)}, ${table(set)}, ${body === undefined ? 'nil' : quoted(body)})`).join('\n')}
end
request = function()
  n = n + 1
  return requests[${next}]
end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format("\\nRESULT %d %d %f %f %d\\n", summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    e.status + e.connect + e.read + e.write + e.timeout))
end
`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"`;
}

function table(headers: Record<string, string>): string {
  return `{${Object.entries(headers)
    .map(([name, value]) => `[${quoted(name)}] = ${quoted(value)}`)
    .join(', ')}}`;
}

function parse(text: string): LoadResult {
  const [requests = 0, micros = 0, p50 = 0, p99 = 0, failed = 0] = /^RESULT (.+)$/m.exec(text)?.[1]?.split(' ').map(Number) ?? [];
  if (requests === 0) throw new Error(`wrk measured nothing:\n${text}`);
  return { requests, perSecond: requests / (micros / 1e6), p50Ms: p50 / 1e3, p99Ms: p99 / 1e3, failed };
}

function output(program: string, args: string[]): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
    child.on('error', fail);
    child.on('exit', (code) => (code === 0 ? done(text) : fail(new Error(`${program} ended with ${code}:\n${text}`))));
  });
}
