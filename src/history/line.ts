import { counts, type HistoryRun, type Measure, type MeasureId } from '../model/history.ts';
import { median } from '../statistics/rank-test.ts';

/** A measure of one run after the other. */
export interface Line {
  id: MeasureId;
  /** By the newest run that measured it. */
  isPromised: boolean;
  /** For each run that is shown. */
  points: (Measure | null)[];
  /** Those that count, and the runs that they are of. */
  values: number[];
  runs: HistoryRun[];
}

export function lineOf(id: MeasureId, shown: readonly HistoryRun[]): Line {
  const points = shown.map((run) => measureIn(run, id));
  const runs = shown.filter((run, at) => counts(run) && points[at] !== null);
  const isPromised = points.findLast((point) => point !== null)?.isPromised ?? false;
  return { id, isPromised, points, values: valuesIn(runs, id), runs };
}

/** Times in phases that nothing is promised of are shown only. */
export const isTested = ({ id, isPromised }: Line): boolean => isPromised || id.startsWith('detection.');

export const valuesIn = (runs: readonly HistoryRun[], id: MeasureId): number[] =>
  runs.flatMap((run) => measureIn(run, id)?.valueMs ?? []);

const measureIn = ({ measures }: HistoryRun, id: MeasureId): Measure | null =>
  measures.find((one) => one.id === id) ?? null;

/** How far a single recovery time may be off: a shift by less may be one of the probes. Of a p99 the runs tell by themselves. */
export function resolutionMsOf({ id, points }: Line): number {
  if (!id.startsWith('recovery.')) return 0;
  const halves = points.flatMap((point) =>
    point?.lowMs == null || point.highMs === null ? [] : [(point.highMs - point.lowMs) / 2],
  );
  return halves.length === 0 ? 0 : median(halves);
}
