import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './test/rig/longest-first.ts';
import { slowestFiles } from './test/rig/slowest-files.ts';

// Tests import the doors by their public names, from source, with no build in between.
const conditions = ['@heddle/source', 'node', 'import', 'default'];

// These tests need a process of their own: no other test may have loaded a module that they replace, one may
// not meet the `window` that they define, and the memory that they measure is theirs.
const alone = [
  'src/guide/guide-model.test.ts',
  'test/dialects/all-at-once.test.ts',
  'test/dialects/copilotkit.test.ts',
  'test/security/slowhttptest.test.ts',
];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    projects: [
      // Tests share a process: to load the modules anew for each file costs more than most of these tests.
      {
        extends: true,
        test: {
          name: 'beside',
          include: ['{src,page,scripts}/**/*.test.{ts,tsx}'],
          exclude: alone,
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'across',
          include: ['{bench,test}/**/*.test.{ts,tsx}'],
          exclude: alone,
          isolate: false,
          globalSetup: 'test/rig/shared-browsers.ts',
        },
      },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
    sequence: { sequencer: LongestFirst },
    reporters: [...configDefaults.reporters, slowestFiles],
    setupFiles: ['test/rig/patience.ts', 'test/rig/restore.ts'],
    pool: 'forks',
    // More than there are cores, because most tests wait for browsers and for other processes.
    maxWorkers: Math.min(12, 3 * availableParallelism()),
    // These limits end a test that hangs. They do not judge how fast a busy machine is.
    testTimeout: 180_000,
    hookTimeout: 60_000,
    // As `test/rig/patience.ts` does for `vi.waitFor`.
    expect: { poll: { timeout: 30_000 } },
  },
});
