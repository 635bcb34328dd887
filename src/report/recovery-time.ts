import type { Verdict } from '../model/verdict.ts';
import { formatMs, notMeasured } from './format.ts';
import { type Measured, measured } from './measured.ts';

/** The recovery time actual of a path. A service that stayed away is told apart from one not measured. */
export function recoveryTime(verdict: Verdict, index: number): Measured {
  const row = verdict.recovery[index];
  const stayedAway = row?.outcome === 'fail' || (row?.actualMs === null && row.outageStart !== null);
  return measured(verdict, `recovery.${index}.actualMs`, formatMs, stayedAway ? 'not recovered' : notMeasured);
}
