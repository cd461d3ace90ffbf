import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Slow test files, slowest first. A slow file that starts late leaves one worker idle at the end. */
const LONG = [
  // This file mostly waits, which leaves the processor to the memory budget beside it.
  'faults-sandboxes',
  'budgets',
  'isolation',
  'main-path',
  'csp',
  'crashes',
  'faults-postgres',
  'hostile-fuzz',
  'faults-start',
  'isolation-processes',
].map((name) => `/tests/e2e/${name}.test.ts`);

/** Slow files first; the others keep their order. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = LONG.findIndex((path) => moduleId.endsWith(path));
      return at < 0 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
