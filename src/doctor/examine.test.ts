import { expect, test } from 'vitest';
import { testContext } from '../../tests/support/doctor-context.ts';
import { TenfoldError } from '../model/errors.ts';
import { sleepMs } from '../runtime/clock.ts';
import type { Answer, Check } from './check.ts';
import { checks } from './checks.ts';
import { examine } from './examine.ts';

const ok: Answer = { outcome: 'ok', message: 'well' };
const check = (id: string, run: Check['run']): Check => ({ id, title: id.toUpperCase(), run });
const never = () => {
  throw new Error('nothing took long');
};

test('checks run one after the other, so that none is measured by another', async () => {
  const events: string[] = [];
  const slow = (id: string) =>
    check(id, async () => {
      events.push(`${id} starts`);
      await sleepMs(20);
      events.push(`${id} ends`);
      return [ok];
    });
  await examine([slow('a'), slow('b')], testContext(), never);
  expect(events).toEqual(['a starts', 'a ends', 'b starts', 'b ends']);
});

test('a check that throws is an unknown with the reason, and the others run', async () => {
  const { checks: told, counts } = await examine(
    [
      check('broken', async () => {
        throw new TenfoldError('no such luck\nat all', { exitCode: 4 });
      }),
      check('well', async () => [ok]),
    ],
    testContext(),
    never,
  );
  expect(told.map(({ id }) => id)).toEqual(['broken', 'well']);
  expect(told[0]?.answers).toEqual([{ outcome: 'unknown', message: 'could not be determined: no such luck' }]);
  expect(counts).toEqual({ problem: 0, warning: 0, unknown: 1, ok: 1 });
});

test('what does not matter is not told, and every answer is counted', async () => {
  const answers: Answer[] = [ok, { outcome: 'problem', message: 'broken', remedy: 'mend it' }];
  const found = [check('silent', async () => []), check('two', async () => answers)];
  const { checks: told, counts } = await examine(found, testContext(), never);
  expect(told).toEqual([{ id: 'two', title: 'TWO', answers }]);
  expect(counts).toEqual({ problem: 1, warning: 0, unknown: 0, ok: 1 });
});

test('what takes more than a second is told while it lasts', async () => {
  const lines: string[] = [];
  const slow = check('slow', async () => {
    await sleepMs(1_100);
    expect(lines).toEqual(['checking SLOW ...']);
    return [ok];
  });
  const { counts } = await examine([slow], testContext(), (line) => lines.push(line));
  expect(counts.ok).toBe(1);
});

test('every check has an id and a title of its own', () => {
  expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
  expect(new Set(checks.map(({ title }) => title)).size).toBe(checks.length);
});
