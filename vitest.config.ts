import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tests/setup/longest-first';
import { aliases } from './vite.aliases';
import { guideFiles } from './vite.guides';

const MINUTE = 60_000;

/**
 * unit: pure code, no database, no network · sandbox: the sandboxes alone · db: commands on a real PostgreSQL ·
 * sim: seeded random runs of the whole market with faults · e2e: the built application in Chromium and through official clients.
 * Groups run one after another.
 */
export default defineConfig({
  plugins: [guideFiles()],
  resolve: { alias: aliases },
  test: {
    passWithNoTests: true,
    restoreMocks: true,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // Property tests run hundreds of cases and need time on a busy machine.
          testTimeout: MINUTE,
          include: ['{app,db,scripts}/**/*.test.{ts,tsx,mjs}'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'sandbox',
          include: ['tests/sandbox/**/*.test.ts'],
          isolate: false,
          testTimeout: 20_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'db',
          include: ['tests/db/**/*.db.test.ts'],
          globalSetup: ['tests/setup/postgres-global.ts'],
          setupFiles: ['tests/setup/test-environment.ts'],
          // Each file opens its own services. Without isolation the application is loaded once, which halves the time.
          isolate: false,
          testTimeout: MINUTE,
          hookTimeout: MINUTE,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'sim',
          include: ['tests/sim/**/*.sim.test.ts'],
          globalSetup: ['tests/setup/postgres-global.ts'],
          setupFiles: ['tests/setup/test-environment.ts'],
          testTimeout: 5 * MINUTE,
          hookTimeout: MINUTE,
          // Workers wait for the database part of the time, so three keep two cores busy.
          maxWorkers: 3,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          globalSetup: ['tests/setup/build-global.ts', 'tests/setup/postgres-global.ts'],
          testTimeout: 3 * MINUTE,
          hookTimeout: 3 * MINUTE,
          maxWorkers: 2,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
