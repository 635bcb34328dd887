import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Of the end-to-end tests those that drill a small shop of their own, or nothing: two fit beside each other. */
const smallOnes = [
  'attached',
  'bad-evidence',
  'bad-input',
  'doctor',
  'first-steps',
  'judging-again',
  'package',
  'shop-answers',
  'stopping',
].map((name) => `tests/${name}.test.ts`);

/**
 * Unit tests stand beside the code; end-to-end tests in tests/ come last. Those on a pocket region use the whole machine, one after
 * the other. `npm test` runs three drills; all of them take ten minutes more, and run at night (`npm run test:drills`).
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
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'end-to-end-small',
          include: smallOnes,
          testTimeout: 240_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: 'end-to-end',
          include: ['tests/*.test.ts'],
          exclude: smallOnes,
          testTimeout: 240_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 4 },
        },
      },
      {
        test: {
          name: 'every-drill',
          include: ['tests/every-drill/*.test.ts'],
          testTimeout: 240_000,
          fileParallelism: false,
          sequence: { groupOrder: 5 },
        },
      },
    ],
  },
});
