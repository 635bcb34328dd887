import { expect, test } from 'vitest';
import { testContext } from '../../tests/support/doctor-context.ts';
import { judgeMemory, memory } from './memory.ts';
import { gibibyte } from './sizes.ts';

test('what is available here is told', async () => {
  const [answer] = await memory.run(testContext());
  expect(answer?.message).toMatch(/^\d+(\.\d)? [MG]B available/);
});

test('less than a drill takes is a problem, and less than k6 wants is a warning', () => {
  expect(judgeMemory(1.9 * gibibyte, 2 * gibibyte)).toMatchObject({ outcome: 'problem', remedy: expect.any(String) });
  expect(judgeMemory(3 * gibibyte, 2 * gibibyte)).toMatchObject({ outcome: 'warning', remedy: expect.any(String) });
  expect(judgeMemory(8 * gibibyte, 2 * gibibyte)).toEqual({ outcome: 'ok', message: expect.any(String) });
});
