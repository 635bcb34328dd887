import { expect, test } from 'vitest';
import { testContext } from '../../tests/support/doctor-context.ts';
import { clock, judgeSteps, judgeTime } from './clock.ts';

test('the clock of this machine is later than the last commit', async () => {
  const [, time] = await clock.run(testContext());
  expect(time?.outcome, time?.message).toBe('ok');
});

test('a step that would put recovery times in doubt is a problem, in either direction', () => {
  expect(judgeSteps(3).outcome).toBe('ok');
  for (const stepMs of [800, -800])
    expect(judgeSteps(stepMs)).toMatchObject({ outcome: 'problem', remedy: expect.stringContaining('slew') });
});

test('a time before the last commit cannot be', () => {
  const commit = { atMs: Date.UTC(2026, 10, 27), what: 'the last commit' };
  expect(judgeTime(Date.UTC(2026, 10, 28), commit).outcome).toBe('ok');
  expect(judgeTime(Date.UTC(1970, 0, 1), commit)).toMatchObject({
    outcome: 'problem',
    message: 'it says 1970-01-01T00:00:00Z, which is before the last commit (2026-11-27T00:00:00Z)',
  });
});
