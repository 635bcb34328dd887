import { defineConfig } from 'vitest/config';

/**
 * Unit tests stand beside the code; end-to-end tests in tests/ use the whole machine, one after the other, last.
 * `npm test` runs three drills; all of them take ten minutes more, and run at night (`npm run test:drills`).
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'bin/**/*.test.ts',
            'bench/**/*.test.ts',
            'src/**/*.test.ts',
            'scenarios/**/*.test.ts',
            'chaos/**/*.test.ts',
            'tests/support/**/*.test.ts',
          ],
          testTimeout: 30_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'platform',
          include: ['infra-under-test/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'end-to-end',
          include: ['tests/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: 'every-drill',
          include: ['tests/every-drill/*.test.ts'],
          testTimeout: 240_000,
          fileParallelism: false,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
