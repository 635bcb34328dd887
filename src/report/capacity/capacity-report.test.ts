import { expect, test } from 'vitest';
import { brokenPaths, factors, factsOf, stepFact, steppedPlan } from '../../../tests/support/steps.ts';
import { capacityOf } from '../../capacity/capacity-of.ts';
import { capacitySummary } from './summary.ts';
import { capacityLines } from './terminal.ts';

const upTo = (top: number, broken = Infinity) =>
  capacityOf(
    factsOf(
      factors
        .filter((factor) => factor <= top)
        .map((factor) =>
          factor < broken ? stepFact(factor) : { ...stepFact(factor), ...brokenPaths(stepFact(factor)) },
        ),
    ),
    steppedPlan,
  );
const lines = (capacity: ReturnType<typeof upTo>) =>
  capacityLines(capacity, { colour: false, reportPath: 'capacity.html' }).join('\n');

test('a broken promise is the headline, with the knee, and that it is of a stand-in', () => {
  const told = lines(upTo(10, 8));
  expect(told).toMatch(
    /^FAIL {2}Ten times the traffic is not carried\. The load went up until the shop broke a promise: API p99 is above 100 ms/,
  );
  expect(told).toContain('This is a pocket region');
  expect(told).toMatch(/Knee +480\/s, where a promise is first broken; between 360\/s and 480\/s/);
  expect(told).toMatch(/ 8x .* failed/);
});

test('what is not known says why, and a model that is not to be trusted does so', () => {
  const told = lines(upTo(4));
  expect(told).toMatch(/Law +not known: 4 steps in which neither/);
  expect(told).toMatch(/The model is not to be trusted:\n {2}\? /);
});

test('the summary holds the same, as Markdown', () => {
  const summary = capacitySummary(upTo(20));
  expect(summary).toContain('### The steps');
  expect(summary).toMatch(/\| \*\*Carried\*\* \| 1,200\/s, 20 times the baseline/);
  expect(summary).toContain('> This is a pocket region');
});
