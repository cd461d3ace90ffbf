import { describe, expect, it } from 'vitest';
import { grantTransitions } from './grant-machine';
import { runTransitions } from './run-machine';

interface Machine {
  name: string;
  table: Record<string, { from: readonly string[]; to: string; by: readonly string[] }>;
  first: string;
  final: string[];
}

const machines: Machine[] = [
  { name: 'grant', table: grantTransitions, first: 'open', final: ['exhausted', 'ended', 'failed'] },
  { name: 'run', table: runTransitions, first: 'authorized', final: ['captured', 'voided'] },
];

describe.each(machines)('the states of a $name', ({ table, first, final }) => {
  const rules = Object.values(table);
  const states = [...new Set(rules.flatMap((rule) => [...rule.from, rule.to]))];

  it('can all be reached from the first', () => {
    const reached = new Set([first]);
    for (let grew = true; grew;) {
      const size = reached.size;
      for (const rule of rules) if (rule.from.some((state) => reached.has(state))) reached.add(rule.to);
      grew = reached.size > size;
    }
    expect([...reached].sort()).toEqual([...states].sort());
  });

  it('each have a system step out, except the final ones', () => {
    const open = states.filter((state) => rules.some((rule) => rule.from.includes(state) && rule.by.includes('system')));
    expect([...open, ...final].sort()).toEqual([...states].sort());
  });
});
