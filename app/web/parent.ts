/** Sends a message to the parent process (`npm start`, the tests), if there is one. */
export function tellParent(message: { type: 'ready' } | { type: 'failed'; sentence: string }): void {
  process.send?.(message);
}

/** Stops when the parent's channel closes: a killed parent cannot end its children, which would keep their port. */
export function whenParentGoes(stop: () => void): void {
  if (process.send) process.on('disconnect', stop);
}

/** Longer than the provider may take to answer a create: a client repeats an aborted one and pays twice. */
const LONGEST_STOP_MS = 40_000;

/** Runs a stop once, on a signal or when the parent goes; leaves by force if it takes too long. */
export function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const begin = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), LONGEST_STOP_MS).unref();
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', begin);
  process.on('SIGINT', begin);
  whenParentGoes(begin);
}
