import { afterAll, beforeAll } from 'vitest';
import { readEnv } from '~/platform/env';
import { createServices, type Services } from '~/services.server';
import { startStack, type Stack } from './stack';

/** The stack of the current test file, and the application's services on its database inside the test process. */
export let stack: Stack;
export let services: Services;

/** Call it at the top level; both are ready inside hooks and tests and removed after the file. `clock` is the services' own. */
export function stackAndServices(options: { clock?: { now(): Date } } = {}): void {
  beforeAll(async () => {
    stack = await startStack();
    services = await createServices(readEnv(stack.env), options);
  });
  afterAll(async () => {
    await services.close();
    await stack.stop();
  });
}
