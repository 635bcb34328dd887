import { expect, test } from 'vitest';
import type { Sample } from './catalogue.ts';
import { openMetricsText } from './openmetrics.ts';

const labels = { drill: 'd', run: 'r' };
const phase = (value: number): Sample => ({ metric: 'phase', labels: { ...labels, phase: 'peak' }, value });
const calls = (path: string, value: number): Sample => ({
  metric: 'calls',
  labels: { ...labels, path, result: 'ok' },
  value,
});
const limit: Sample = { metric: 'limit', labels: { ...labels, path: 'a"b\\c\nd' }, value: 0.25 };

test('metrics and series stand together, in order of time, with a kind, a unit and an end', () => {
  const snapshots = [
    { atMs: 1_000, samples: [calls('api', 1), phase(0), limit] },
    { atMs: 2_000, samples: [phase(1), calls('api', 5), calls('checkout', 2)] },
  ];
  expect(openMetricsText(snapshots, { timed: true })).toBe(`# TYPE tenfold_phase gauge
# HELP tenfold_phase 1 for the phase that the load is in, 0 for the others.
tenfold_phase{drill="d",run="r",phase="peak"} 0 1
tenfold_phase{drill="d",run="r",phase="peak"} 1 2
# TYPE tenfold_limit_seconds gauge
# UNIT tenfold_limit_seconds seconds
# HELP tenfold_limit_seconds The tightest limit of a call.
tenfold_limit_seconds{drill="d",run="r",path="a\\"b\\\\c\\nd"} 0.25 1
# TYPE tenfold_calls counter
# HELP tenfold_calls Calls of shoppers that have ended.
tenfold_calls_total{drill="d",run="r",path="api",result="ok"} 1 1
tenfold_calls_total{drill="d",run="r",path="api",result="ok"} 5 2
tenfold_calls_total{drill="d",run="r",path="checkout",result="ok"} 2 2
# EOF
`);
});

test('a scrape has no instants, and may have nothing to tell', () => {
  expect(openMetricsText([{ atMs: 5, samples: [phase(1)] }], { timed: false })).toContain('phase="peak"} 1\n# EOF\n');
  expect(openMetricsText([{ atMs: 5, samples: [] }], { timed: false })).toBe('# EOF\n');
});
