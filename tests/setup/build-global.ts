import { build, isStale } from '../../scripts/build.mjs';

/** End-to-end tests run what ships: the built pages and processes. */
export default async function setup(): Promise<void> {
  if (isStale()) await build();
}
