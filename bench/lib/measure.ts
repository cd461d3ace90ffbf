import { cpuMicros } from './cpu';

/** The figures of one run; a candidate without a database or latency omits them. */
export interface Sample {
  perSecond: number;
  nodeMicros?: number;
  postgresMicros?: number;
  p50Ms?: number;
  p99Ms?: number;
}

export interface Candidate {
  name: string;
  run: () => Promise<Sample>;
}

export interface Spread {
  median: number;
  min: number;
  max: number;
}

export type Measured = { name: string } & { [Key in keyof Sample]?: Spread };

const RUNS = 3;
const KEYS = ['perSecond', 'nodeMicros', 'postgresMicros', 'p50Ms', 'p99Ms'] as const;

/** Runs each candidate three times in turns, so that a slower machine affects all of them. A first turn is discarded. */
export async function measureInTurns(candidates: Candidate[], warmUp = true): Promise<Map<string, Measured>> {
  const samples = new Map<string, Sample[]>(candidates.map(({ name }) => [name, []]));
  for (let turn = warmUp ? -1 : 0; turn < RUNS; turn += 1) {
    for (const { name, run } of candidates) {
      const sample = await run();
      if (turn >= 0) samples.get(name)?.push(sample);
    }
  }
  return new Map([...samples].map(([name, taken]) => [name, summary(name, taken)]));
}

function summary(name: string, samples: Sample[]): Measured {
  const measured: Measured = { name };
  for (const key of KEYS) {
    const values = samples.map((sample) => sample[key]).filter((value) => value !== undefined);
    if (values.length > 0) measured[key] = computeSpread(values);
  }
  return measured;
}

function computeSpread(values: number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [min = 0, max = 0] = [sorted[0], sorted.at(-1)];
  return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, min, max };
}

/** Runs some work and returns the CPU microseconds that the given processes used for each unit of it. */
export async function withCpu<Result extends { requests: number }>(
  work: () => Promise<Result>,
  pids: { node: number[]; postgres?: number },
): Promise<{ result: Result; nodeMicros: number; postgresMicros: number }> {
  const spent = () => ({
    node: pids.node.reduce((sum, pid) => sum + cpuMicros(pid), 0),
    postgres: pids.postgres === undefined ? 0 : cpuMicros(pids.postgres),
  });
  const before = spent();
  const result = await work();
  const after = spent();
  const each = (micros: number) => micros / result.requests;
  return { result, nodeMicros: each(after.node - before.node), postgresMicros: each(after.postgres - before.postgres) };
}
