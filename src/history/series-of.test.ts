import { expect, test } from 'vitest';
import { passingRun } from '../../tests/support/runs/runs.ts';
import { endedContainersLine, productionLine } from '../model/fidelity.ts';
import { seriesOf } from './series-of.ts';

const { plan, facts } = passingRun();
const seriesWith = (...lines: string[]): string => {
  const { environment } = facts.run;
  const fidelity = [...environment.fidelity, ...lines];
  return seriesOf(plan, { ...facts, run: { ...facts.run, environment: { ...environment, fidelity } } });
};

test('what differs from run to run makes no series of its own, and what makes another kind of platform does', () => {
  expect(seriesWith(productionLine('OPS-17'), endedContainersLine(['shop-7f9']))).toBe(seriesWith());
  expect(seriesWith('There is no Redis.')).not.toBe(seriesWith());
});
