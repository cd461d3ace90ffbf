/** Counts for each action how often it was done, refused, or failed outside and is retried. */
export interface Tally {
  done: number;
  refused: number;
  postponed: number;
}

export class Coverage {
  readonly actions = new Map<string, Tally>();
  /** How often each fault and each crash happened. */
  readonly struck = new Map<string, number>();
  /** The reasons of refusals. */
  readonly refusals = new Map<string, number>();

  constructor(actions: readonly string[], troubles: readonly string[]) {
    for (const name of actions) this.actions.set(name, { done: 0, refused: 0, postponed: 0 });
    for (const name of troubles) this.struck.set(name, 0);
  }

  count(action: string, what: keyof Tally): void {
    const tally = this.actions.get(action);
    if (tally) tally[what] += 1;
  }

  strike(trouble: string): void {
    this.struck.set(trouble, (this.struck.get(trouble) ?? 0) + 1);
  }

  refuse(code: string): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
  }

  /** Whether an action was never done, or a fault or crash never happened. */
  lacks(name: string): boolean {
    return this.actions.get(name)?.done === 0 || this.struck.get(name) === 0;
  }

  /** Actions never done and faults that never happened. A simulator that does nothing proves nothing. */
  missing(): string[] {
    const never = [...this.actions].filter(([, { done }]) => done === 0).map(([name]) => `“${name}” was never done`);
    return [...never, ...[...this.struck].filter(([, times]) => times === 0).map(([name]) => `“${name}” never struck`)];
  }

  print(): string {
    const line = (name: string, { done, refused, postponed }: Tally) =>
      `${name.padEnd(46)}${String(done).padStart(6)}${String(refused).padStart(9)}${String(postponed).padStart(11)}`;
    return [
      `${''.padEnd(46)}  done  refused  postponed`,
      ...[...this.actions].map(([name, tally]) => line(name, tally)),
      '',
      ...[...this.struck].map(([name, times]) => `${name.padEnd(46)}${String(times).padStart(6)}`),
      '',
      `refused: ${[...this.refusals]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([code, times]) => `${code} ${times}`)
        .join(', ')}`,
    ].join('\n');
  }
}
