/**
 * A labelled point at which a test may kill the process, to prove that a crash there loses and doubles nothing. `CRASH_AT` is read
 * once at start and never in production. It stands on the global object, since pages and server are bundled apart.
 */
interface Armed {
  label: string | undefined;
  die(): void;
}

const shared = globalThis as typeof globalThis & { creditMartCrashPoint?: Armed };

/** `die` is the power cut; the simulator, which lives in the process that it crashes, brings its own. */
export function armCrashPoint(label: string | undefined, die: () => void = () => process.kill(process.pid, 'SIGKILL')): void {
  shared.creditMartCrashPoint = { label, die };
}

export function crashPoint(label: string): void {
  const armed = shared.creditMartCrashPoint;
  if (armed?.label === label) armed.die();
}
