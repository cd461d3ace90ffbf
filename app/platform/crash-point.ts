/**
 * A labelled point at which a test may kill the process, to prove that a crash there loses and doubles nothing. `CRASH_AT` is read
 * once at start and never in production.
 */
let armed: string | undefined;

export function armCrashPoint(label: string | undefined): void {
  armed = label;
}

export function crashPoint(label: string): void {
  if (armed === label) process.kill(process.pid, 'SIGKILL');
}
