import type { Series, Trend } from '../model/history.ts';

/** Which of a drill's series is asked for. */
export interface Asked {
  target?: string | undefined;
  profile?: string | undefined;
}

/** The newest that fits, and counts: one on the whole platform, if there is one. */
export function chooseSeries(all: readonly Series[], { target, profile }: Asked): Series | undefined {
  const fitting = all.filter(
    (one) => (target === undefined || one.target === target) && (profile === undefined || one.profile === profile),
  );
  const isWhole = ({ without }: Series): boolean => without.length === 0;
  return (
    fitting.find((one) => isWhole(one) && one.counted > 0) ??
    fitting.find((one) => one.counted > 0) ??
    fitting.find(isWhole) ??
    fitting[0]
  );
}

/** How many runs of the drill are in other series, by the first thing that differs. */
export function notCompared(all: readonly Series[], chosen: Series): Trend['notCompared'] {
  const others = all.filter(({ series }) => series !== chosen.series);
  const byReason = Map.groupBy(others, (other) => differenceOf(other, chosen));
  return [...byReason].map(([why, series]) => ({ why, runs: series.reduce((sum, { runs }) => sum + runs, 0) }));
}

function differenceOf(other: Series, chosen: Series): string {
  if (other.target !== chosen.target) return `on ${other.target}`;
  if (other.profile !== chosen.profile) return `with the profile ${other.profile}`;
  if (other.without.join() !== chosen.without.join())
    return other.without.length === 0 ? 'on the whole platform' : `without ${other.without.join(', ')}`;
  if (other.scale !== chosen.scale) return `at ${other.scale}`;
  return 'with other traffic, another way, another kind of platform, or a host with another number of CPUs';
}
