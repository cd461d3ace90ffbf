import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TransitionTable } from '~/platform/transitions';
import { listingTransitions } from './listings/listing-machine';
import { probeTransitions } from './listings/probe-machine';
import { raiseTransitions } from './listings/raise-machine';
import { grantTransitions } from './metering/grant-machine';
import { runTransitions } from './metering/run-machine';
import { offerTransitions } from './offers/offer-machine';
import { checkoutTransitions } from './payments/checkout-machine';
import { transactionTransitions } from './transactions/transaction-machine';

type Machine = TransitionTable<string, string>;

const machines: Record<string, Record<string, Machine>> = {
  listings: { listing: listingTransitions, raise: raiseTransitions, probe: probeTransitions },
  offers: { offer: offerTransitions },
  payments: { checkout: checkoutTransitions },
  transactions: { transaction: transactionTransitions },
  metering: { grant: grantTransitions, run: runTransitions },
};

/** `npm run diagrams` writes them anew. */
describe('A module’s README draws the states as its machines have them', () => {
  it.each(Object.entries(machines))('%s', async (module, drawn) => {
    const readme = `${import.meta.dirname}/${module}/README.md`;
    const expected = Object.entries(drawn).reduce(
      (text, [thing, machine]) => withDiagram(text, thing, machine),
      readFileSync(readme, 'utf8'),
    );
    await expect(expected).toMatchFileSnapshot(readme);
  });
});

function withDiagram(readme: string, thing: string, machine: Machine): string {
  const [from, to] = [
    `<!-- states of a ${thing}, drawn from its machine by npm run diagrams -->\n`,
    `<!-- end of the states of a ${thing} -->`,
  ];
  const [start, end] = [readme.indexOf(from), readme.indexOf(to)];
  expect(start, `the README has a place for the states of a ${thing}`).toBeGreaterThanOrEqual(0);
  return readme.slice(0, start) + from + diagramOf(machine) + readme.slice(end);
}

/** A Mermaid diagram: who takes which step from where to where. Where no step leads in it begins, where none leads out it ends. */
function diagramOf(machine: Machine): string {
  const edges = new Map<string, string[]>();
  for (const [step, { from, to, by }] of Object.entries(machine)) {
    for (const state of from) {
      const edge = `${state} --> ${to}`;
      edges.set(edge, [...(edges.get(edge) ?? []), `${step.replaceAll('_', ' ')} (${by.join(', ')})`]);
    }
  }
  const left = new Set(Object.values(machine).flatMap(({ from }) => from));
  const entered = new Set(Object.values(machine).map(({ to }) => to));
  const lines = [
    ...[...left].filter((state) => !entered.has(state)).map((state) => `[*] --> ${state}`),
    ...[...edges].map(([edge, steps]) => `${edge}: ${steps.join(', ')}`),
    ...[...entered].filter((state) => !left.has(state)).map((state) => `${state} --> [*]`),
  ];
  return `\n\`\`\`mermaid\nstateDiagram-v2\n${lines.map((line) => `  ${line}\n`).join('')}\`\`\`\n\n`;
}
