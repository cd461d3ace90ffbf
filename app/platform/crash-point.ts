/**
 * A labelled point at which a test may kill the process, to prove that a crash there loses and doubles nothing. `CRASH_AT` is read
 * once at start and never in production. It stands on the global object, since pages and server are bundled apart.
 */
const shared = globalThis as typeof globalThis & { creditMartCrashPoint?: string | undefined };

export function armCrashPoint(label: string | undefined): void {
  shared.creditMartCrashPoint = label;
}

export function crashPoint(label: string): void {
  if (shared.creditMartCrashPoint === label) process.kill(process.pid, 'SIGKILL');
}
