/** Talk with the process that started this one (`npm start`, the tests), where there is one. */
export function tellParent(message: { type: 'ready' } | { type: 'failed'; sentence: string }): void {
  process.send?.(message);
}

/** A parent that is killed cannot end its children: they go when its channel closes, or they would hold their port for ever. */
export function whenParentGoes(stop: () => void): void {
  if (process.send) process.on('disconnect', stop);
}

/** Longer than the provider may take to answer a create: one that is broken off is sent again by its client, and paid twice. */
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
