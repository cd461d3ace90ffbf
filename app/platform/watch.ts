/** Tells a process to drop what it has cached of the market. */
export interface Watch {
  /** Rises with each notified change; null while this process does not listen and must not cache. */
  readonly version: number | null;
  /** Called after each change. */
  onChange(listener: () => void): void;
}

/** A watch whose `ring` reports a change. */
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
