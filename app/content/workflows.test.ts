import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PLACEHOLDER_ORIGIN, workflowFor, workflows } from './workflows.server';

/** A workflow as n8n reads it. It joins boxes by name, and takes a name that no box has without a word. */
const Target = z.strictObject({ node: z.string(), type: z.literal('main'), index: z.literal(0) });
const Node = z.strictObject({
  id: z.uuid(),
  name: z.string().min(1),
  type: z.string().regex(/^n8n-nodes-base\.[a-zA-Z]+$/),
  typeVersion: z.number().positive(),
  position: z.tuple([z.number(), z.number()]),
  parameters: z.record(z.string(), z.unknown()),
  webhookId: z.uuid().optional(),
  retryOnFail: z.literal(true).optional(),
  maxTries: z.number().int().min(2).max(5).optional(),
  waitBetweenTries: z.number().int().min(1).max(5_000).optional(),
});
const Workflow = z.strictObject({
  name: z.string(),
  nodes: z.array(Node).min(2),
  connections: z.record(z.string(), z.strictObject({ main: z.array(z.array(Target)) })),
  settings: z.strictObject({ executionOrder: z.literal('v1') }),
  pinData: z.strictObject({}),
  active: z.literal(false),
});

const origin = 'https://market.example.org';
const read = (name: string) => Workflow.parse(JSON.parse(workflowFor(origin, name) ?? ''));

describe.each([...workflows.keys()])('%s', (name) => {
  const { nodes, connections } = read(name);
  const names = nodes.map((node) => node.name);
  const targets = (from: string) => connections[from]?.main.flat().map(({ node }) => node) ?? [];

  it('joins boxes that exist, each with a name and an id of its own', () => {
    expect(new Set(names).size).toBe(nodes.length);
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
    for (const from of Object.keys(connections)) for (const node of [from, ...targets(from)]) expect(names).toContain(node);
  });

  it('reaches every box from its one trigger', () => {
    const triggers = nodes.filter(({ type }) => /Trigger$/.test(type));
    expect(triggers).toHaveLength(1);
    const reached = new Set(triggers.map((trigger) => trigger.name));
    for (const box of reached) for (const next of targets(box)) reached.add(next);
    expect([...reached].sort()).toEqual([...names].sort());
  });

  it('names only boxes that exist in its expressions, and this market', () => {
    const text = workflowFor(origin, name) ?? '';
    for (const [, box] of text.matchAll(/\$\('([^']+)'\)/g)) expect(names).toContain(box);
    expect(text).not.toContain(PLACEHOLDER_ORIGIN);
    expect(text).toContain(origin);
  });

  it('retries what goes over the network, and holds no key', () => {
    const remote = nodes.filter(({ type }) => /\.(httpRequest|emailSend)$/.test(type));
    expect(remote.length).toBeGreaterThan(0);
    for (const node of remote) expect([node.retryOnFail, node.maxTries], node.name).toEqual([true, 5]);
    expect(workflows.get(name)).not.toMatch(/cmk_|r8_|"credentials"/);
  });
});

it('the run is created under one Idempotency-Key for all tries', () => {
  const create = read('n8n-run-a-model.json').nodes.find(({ name }) => name === 'Create run');
  expect(JSON.stringify(create?.parameters)).toContain('{"name":"Idempotency-Key","value":"=n8n-{{ $execution.id }}-{{ $itemIndex }}"}');
});

it('there is no file of another name', () => {
  expect([...workflows.keys()].sort()).toEqual(['n8n-run-a-model.json', 'n8n-watch-the-market.json']);
  expect(workflowFor(origin, '../guides.test.ts')).toBeNull();
});
