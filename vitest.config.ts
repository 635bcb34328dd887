import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Of the end-to-end tests those that measure something, for which a neighbour would be noise. */
const measuring = ['all', 'aurora-failover', 'capacity', 'exporting', 'prove', 'truth'].map(
  (name) => `tests/${name}.test.ts`,
);
/** Need a cluster, or Docker: see the environment variables that they read. */
const onCluster = ['k3s', 'kubernetes'].map((name) => `tests/${name}.test.ts`);

/**
 * Unit tests stand beside the code; end-to-end tests in tests/ come last: first those that mostly wait, several beside each other,
 * then those that measure, one after the other. `npm test` runs three drills; all of them take ten minutes more, and run at night (`npm run test:drills`).
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
          hookTimeout: 60_000,
          // vitest leaves a core to itself.
          maxWorkers: availableParallelism(),
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'platform',
          include: ['infra-under-test/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2 * availableParallelism(),
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'end-to-end',
          include: ['tests/*.test.ts'],
          exclude: [...measuring, ...onCluster],
          testTimeout: 240_000,
          hookTimeout: 60_000,
          maxWorkers: 2 * availableParallelism(),
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: 'measuring',
          include: measuring,
          testTimeout: 240_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 4 },
        },
      },
      {
        test: {
          name: 'cluster',
          include: onCluster,
          testTimeout: 900_000,
          fileParallelism: false,
          sequence: { groupOrder: 5 },
        },
      },
      {
        test: {
          name: 'every-drill',
          include: ['tests/every-drill/*.test.ts'],
          testTimeout: 240_000,
          fileParallelism: false,
          sequence: { groupOrder: 6 },
        },
      },
    ],
  },
});
