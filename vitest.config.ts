import { defineConfig } from 'vitest/config';
import { partedTestFiles } from './tools/lib/test-files.mjs';

const conditions = ['@cordboard/source'];
const { unit, pure } = partedTestFiles();
const exclude = ['**/node_modules/**', '**/dist/**', '**/fixtures/**', '**/planted/**', '**/*.test-d.ts'];

/** What a test waits for comes late on a machine that does much else: the bound, not the wait, is long. The rest of it is in tools/test-bounds.ts. */
const bounds = { setupFiles: ['./tools/test-bounds.ts'], expect: { poll: { timeout: 30_000 } } };

/** Workspace packages are imported from their sources, so that no test needs a build. */
const shared = {
  resolve: { conditions: [...conditions, 'module', 'browser', 'development|production'] },
  ssr: { resolve: { conditions: [...conditions, 'module', 'node', 'development|production'] } },
};

export default defineConfig({
  ...shared,
  test: {
    pool: 'forks',
    projects: [
      {
        ...shared,
        test: { name: 'unit', include: unit, exclude, testTimeout: 180_000, hookTimeout: 120_000, ...bounds },
      },
      {
        // Many files, one process for each worker.
        ...shared,
        test: {
          name: 'pure',
          isolate: false,
          include: pure,
          exclude,
          testTimeout: 180_000,
          hookTimeout: 120_000,
          ...bounds,
        },
      },
      {
        ...shared,
        test: {
          name: 'examples',
          include: ['examples/*/test/**/*.test.ts'],
          exclude,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          ...bounds,
        },
      },
      {
        // The whole server on simulated analog lines, whose sound takes as long as sound takes.
        ...shared,
        test: {
          name: 'line',
          include: ['e2e/usbbox/**/*.test.ts'],
          exclude,
          testTimeout: 400_000,
          hookTimeout: 180_000,
          ...bounds,
        },
      },
      {
        // The whole server at one end of a pair of ptys, a virtual PBX in real time at the other.
        ...shared,
        test: {
          name: 'pbx',
          include: ['e2e/pbx/**/*.test.ts'],
          exclude,
          testTimeout: 300_000,
          hookTimeout: 180_000,
          ...bounds,
        },
      },
    ],
  },
});
