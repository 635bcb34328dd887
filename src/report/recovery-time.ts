import type { Verdict } from '../model/verdict.ts';
import { formatMs, notMeasured } from './format.ts';
import { type Measured, measured } from './measured.ts';

/** The recovery time actual of a path. A service that stayed away, and so failed, is told apart from one not measured. */
export function recoveryTime(verdict: Verdict, index: number): Measured {
  const stayedAway = verdict.recovery[index]?.outcome === 'fail';
  return measured(verdict, `recovery.${index}.actualMs`, formatMs, stayedAway ? 'not recovered' : notMeasured);
}
