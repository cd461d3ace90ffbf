import { build, isStale } from '../../scripts/build.mjs';

/** Builds pages and processes, since end-to-end tests run what ships. */
export default async function setup(): Promise<void> {
  if (isStale()) await build();
}
