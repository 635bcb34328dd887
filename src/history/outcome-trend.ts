import type { Change, HistoryRun, OutcomeTrend } from '../model/history.ts';
import { clusteringP } from '../statistics/runs-test.ts';
import { error } from './tests.ts';

/**
 * Tells a drill that fails now and then from a shop that has become worse. Outcomes that come and go are flaky: where runs of the
 * same commit, with the same versions, passed and failed; or where failures do not keep together more than chance has it (runs
 * test). Neither is said where something changed: that explains it.
 * @param counted runs that count, oldest first.
 * @param change of the outcomes. @param leastRuns without which none could be shown
 */
export function outcomeTrend(
  counted: readonly HistoryRun[],
  change: Change | null,
  hasOtherChange: boolean,
  leastRuns: number,
): OutcomeTrend {
  const failures = counted.map(({ outcome }) => outcome === 'fail');
  const failed = failures.filter(Boolean).length;
  const passed = counted.length - failed;
  const mixedCommits = mixed(counted);
  const kind = (): OutcomeTrend['kind'] => {
    if (change !== null) return 'changed';
    if (passed === 0 || failed === 0) return 'steady';
    if (hasOtherChange) return 'unclear';
    const isScattered = counted.length >= leastRuns && clusteringP(failures) > error;
    return mixedCommits.length > 0 || (isScattered && Math.min(passed, failed) > 1) ? 'flaky' : 'unclear';
  };
  return { passed, failed, kind: kind(), change, mixedCommits };
}

/** A checkout with changes of its own may be another each time. */
function mixed(counted: readonly HistoryRun[]): string[] {
  const clean = counted.filter(({ commit, dirty }) => commit !== null && dirty === false);
  const same = Map.groupBy(clean, ({ commit, versions }) => JSON.stringify([commit, Object.entries(versions).sort()]));
  const both = [...same.values()].filter((runs) => new Set(runs.map(({ outcome }) => outcome)).size > 1);
  return [...new Set(both.flatMap((runs) => runs[0]?.commit ?? []))];
}
