/** Tells a process that what it remembers of the market is no longer so. */
export interface Watch {
  /** Rises with each change that was heard of; null while this process does not listen, so that it may remember nothing. */
  readonly version: number | null;
  /** Called after each change. */
  onChange(listener: () => void): void;
}

/** A watch to be rung by whoever hears of changes. */
export function createWatch(): Watch & { ring(): void } {
  let version: number | null = null;
  const listeners: (() => void)[] = [];
  return {
    get version() {
      return version;
    },
    onChange: (listener) => listeners.push(listener),
    ring() {
      version = (version ?? 0) + 1;
      for (const listener of listeners) listener();
    },
  };
}
