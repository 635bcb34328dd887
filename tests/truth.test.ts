import { expect, test } from 'vitest';
import { calmMs, runTruth } from '../bench/truth/run.ts';
import { isRight } from '../bench/truth/summary.ts';

/** A small truth bench: what must hold on any host, even if busy. `npm run bench -- truth` measures how close it is. */
test('each scripted outage is found, and its ends lie within the stated uncertainty', {
  timeout: 120_000,
}, async () => {
  const { compared, measured, falseOutages } = await runTruth({
    schedules: 12,
    seed: 11,
    shops: 4,
    ratePerSecond: 100,
  });

  expect(measured.problems).toEqual([]);
  expect(measured.k6.exitCode).toBe(0);
  expect(measured.k6.requests).toBeGreaterThan(1_000);
  const through = ({ via }: (typeof compared)[number]) => via;
  expect(Object.groupBy(compared, through).server).toHaveLength(12);
  expect(compared.filter(({ start }) => start === null)).toEqual([]);
  // A busy host is slow by itself, so slowness may have no end there; failures have one.
  expect(compared.filter(({ found, schedule }) => !found && schedule.fault !== 'slow')).toEqual([]);
  // A replica reported to be away beside the broken one would be a false alarm.
  expect(falseOutages).toBe(0);

  const calm = compared.filter(({ sentinelLateMs, shopLateMs }) => sentinelLateMs <= calmMs && shopLateMs <= calmMs);
  // One in twenty may be outside: that is what the uncertainty of a partial outage promises.
  expect(calm.filter((one) => !isRight(one)).length).toBeLessThanOrEqual(1);
});
