import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take long, the longest first: what begins last must be short, or one worker waits for the other in the end. */
const LONG = [
  // It waits most of its time, which leaves the machine to the memory budget beside it.
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

/** The long files before the others, which come as they would. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = LONG.findIndex((path) => moduleId.endsWith(path));
      return at < 0 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
