import type { ChildProcess } from 'node:child_process';

export interface RunningProcess {
  name: string;
  child: ChildProcess;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** What it said last. */
  explain: () => string;
  stop: (withinMs?: number) => Promise<void>;
}

export function startProcess(options: {
  name: string;
  env: Record<string, string | undefined>;
  logs: string;
  programs?: string;
  execArgv?: string[];
  onLine?: (line: string) => void;
  onTrouble?: (line: string) => void;
}): RunningProcess;
export function untilReady(process_: RunningProcess): Promise<void>;
export function untilHealthy(process: RunningProcess, url: string, withinMs?: number): Promise<void>;
