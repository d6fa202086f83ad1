import { defineConfig } from 'vitest/config';

// Tests import the doors by their public names, from source, with no build in between.
const conditions = ['@heddle/source', 'node', 'import', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['{src,page,bench,scripts,test}/**/*.test.{ts,tsx}'],
    setupFiles: ['test/rig/patience.ts'],
    pool: 'forks',
    // More than a small machine has cores: most tests wait for browsers and for other processes.
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // As `test/rig/patience.ts` does for `vi.waitFor`.
    expect: { poll: { timeout: 10_000 } },
  },
});
