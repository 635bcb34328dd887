import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { HistoryRun, Measure, MeasureId, Series } from '../../../src/model/history.ts';

export const series: Series = {
  series: 'a',
  drill: 'aurora-failover',
  target: 'local',
  profile: 'nightly',
  scale: '1:20',
  without: [],
  runs: 30,
  counted: 30,
};

/** A run of this day, with these times. */
export function historyRun(
  day: number,
  times: Partial<Record<MeasureId, number>>,
  some: Partial<HistoryRun> = {},
): HistoryRun {
  const runId = `run-${String(day).padStart(4, '0')}`;
  const measures = Object.entries(times).map(
    ([id, valueMs]): Measure => ({
      id: id as MeasureId,
      valueMs,
      ...(Number.isFinite(valueMs) ? { lowMs: valueMs - 10, highMs: valueMs + 10 } : { lowMs: 37_000, highMs: null }),
      isPromised: !id.startsWith('detection'),
    }),
  );
  return {
    ...series,
    folder: `aurora-failover/${runId}`,
    runId,
    outcome: 'pass',
    status: 'completed',
    startedAt: new Date(Date.parse('2026-01-01T03:00:00.000Z') + day * 86_400_000).toISOString(),
    commit: `commit-${day}`,
    dirty: false,
    versions: { postgresql: '18.4' },
    measures,
    ...some,
  };
}

/** Times by a normal distribution, always the same. */
export function normals(seed: number): (mean: number, deviation: number) => number {
  const random = xoroshiro128plus(seed);
  return (mean, deviation) =>
    mean +
    deviation * Math.sqrt(-2 * Math.log(1 - uniformFloat64(random))) * Math.cos(2 * Math.PI * uniformFloat64(random));
}
