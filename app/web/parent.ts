/** Talk with the process that started this one (`npm start`, the tests), where there is one. */
export function tellParent(message: { type: 'ready' } | { type: 'failed'; sentence: string }): void {
  process.send?.(message);
}

/** A parent that is killed cannot end its children: they go when its channel closes, or they would hold their port for ever. */
export function whenParentGoes(stop: () => void): void {
  if (process.send) process.on('disconnect', stop);
}

/** Runs a stop once, on a signal or when the parent goes; leaves by force if it takes longer than `withinMs`. */
export function stopOnSignal(stop: () => Promise<void>, withinMs = 5_000): void {
  let stopping = false;
  const begin = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), withinMs).unref();
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', begin);
  process.on('SIGINT', begin);
  whenParentGoes(begin);
}
