/**
 * A labelled point at which a test may kill the process, to prove that a crash there loses and doubles nothing. `CRASH_AT` is read
 * once at start and ignored in production. The state is global, since pages and server are bundled apart.
 */
interface Armed {
  label: string | undefined;
  die(): void;
}

const shared = globalThis as typeof globalThis & { creditMartCrashPoint?: Armed };

/** `die` ends the process; the simulator, which runs in the same process, passes its own. */
export function armCrashPoint(label: string | undefined, die: () => void = () => process.kill(process.pid, 'SIGKILL')): void {
  shared.creditMartCrashPoint = { label, die };
}

export function crashPoint(label: string): void {
  const armed = shared.creditMartCrashPoint;
  if (armed?.label === label) armed.die();
}
