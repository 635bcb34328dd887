import { expect, test } from 'vitest';
import { noFaultRun } from '../../tests/support/runs/no-fault.ts';
import { failingRun, interruptedRun, passingRun } from '../../tests/support/runs/runs.ts';
import { sparklines } from './sparkline.ts';

test('a gap stays a gap, and none is a dot', () => {
  const [requests = '', failed = '', , markers = ''] = sparklines(passingRun().facts);
  expect(requests.slice(11)).toMatch(/^▁{8}\S{44} \S{17}$/);
  expect(failed.slice(11)).toMatch(/^·{33}[▁-█]{9}·{10} ·{17}$/);
  expect(markers).toMatch(/^ {11} {16}P {16}F {5}R {2}\(P peak, F fault, R recovered\)$/);
});

test('a shop that did not recover has no mark of it', () => {
  expect(sparklines(failingRun().facts).at(-1)).toMatch(/F \(P peak, F fault\)$|F {2}\(P peak, F fault\)$/);
});

test('without a fault the traffic goes back, and nothing recovers', () => {
  expect(sparklines(noFaultRun().facts).at(-1)).toMatch(/R {2,}\(P peak, R return to the baseline\)$/);
});

test('a long run is no wider than the page', () => {
  const { facts } = passingRun();
  if (facts === null) throw new Error('no facts');
  const first = facts.series[0]?.atMs ?? 0;
  const series = facts.series.map((point) => ({ ...point, atMs: first + (point.atMs - first) * 60 }));
  expect(sparklines({ ...facts, series })[0]?.length).toBeLessThanOrEqual(83);
});

test('nothing measured draws nothing', () => {
  expect(sparklines(interruptedRun().facts)).toEqual([]);
});
