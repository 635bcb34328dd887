import { expect, test } from 'vitest';
import { testContext } from '../../tests/support/doctor-context.ts';
import { judgeProcesses, processes } from './processes.ts';

test('what this machine allows is found out', async () => {
  const [answer] = await processes.run(testContext());
  expect(['ok', 'problem']).toContain(answer?.outcome);
});

test('a container that may start a hundred processes cannot hold a region', () => {
  expect(judgeProcesses(100, 600)).toMatchObject({
    outcome: 'problem',
    remedy: expect.stringContaining('--pids-limit'),
  });
  expect(judgeProcesses(Number.POSITIVE_INFINITY, 600).outcome).toBe('ok');
});
