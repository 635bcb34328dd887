import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding } from '../model/verdict.ts';
import type { Checker } from './checker.ts';
import {
  clockDoubts,
  evidenceDoubts,
  generatorEndDoubts,
  passUnlessInDoubt,
  problemsAbout,
  unlessInDoubt,
} from './doubts.ts';
import { thresholds } from './thresholds.ts';
import { isoOrNull, number, percent, round3OrNull } from './words.ts';

/**
 * Whether the shop was under the planned peak load when it was broken. A peak that was not reached proves nothing either way. A load in
 * steps ends where something gives way, so its highest step is no peak that has to be reached.
 */
export const peak: Checker = {
  id: 'peak-reached',
  title: 'Peak reached',
  findings: ({ profile }) => (profile.steps ? [] : ['peak-reached']),
  promises: () => [],
  judge: (facts, plan) => (plan.profile.steps ? [] : [judgePeak(facts, plan)]),
};

function judgePeak(facts: Facts, plan: Plan): Finding {
  const { peakRatePerSecond: achieved, peakProvenAtMs, dropped } = facts.load;
  const finding: Finding = {
    id: 'peak-reached',
    title: 'Peak reached',
    ...reached(facts, plan),
    evidence: {
      plannedRatePerSecond: plan.peakRatePerSecond,
      achievedRatePerSecond: round3OrNull(achieved),
      minShare: thresholds.minPeakShare,
      peakProvenAt: isoOrNull(peakProvenAtMs),
      dropped,
    },
  };
  // What k6 did not send is missing from the rate.
  const doubts = generatorEndDoubts(facts);
  const judged = passUnlessInDoubt(finding, [...doubts, ...clockDoubts(facts), ...problemsAbout(facts, 'load')]);
  return unlessInDoubt(judged, evidenceDoubts(facts));
}

function reached(facts: Facts, plan: Plan): Pick<Finding, 'outcome' | 'message'> {
  const { peakRatePerSecond: achieved, peakProvenAtMs } = facts.load;
  const planned = `${number(plan.peakRatePerSecond)} requests/s planned`;
  if (achieved === null) return { outcome: 'inconclusive', message: `No rate at peak could be measured; ${planned}.` };
  const share = achieved / plan.peakRatePerSecond;
  const rate = `${number(achieved)} requests/s at peak, ${percent(share)} of the ${planned}`;
  if (share < thresholds.minPeakShare)
    return { outcome: 'inconclusive', message: `${rate}: at least ${percent(thresholds.minPeakShare)} is needed.` };
  if (peakProvenAtMs === null)
    return { outcome: 'inconclusive', message: `${rate}, but the peak was not proven while it ran.` };
  const injectedAtMs = facts.fault?.injectedAtMs ?? null;
  if (injectedAtMs !== null && injectedAtMs < peakProvenAtMs)
    return { outcome: 'inconclusive', message: `${rate}, but the fault was injected before the peak was proven.` };
  return { outcome: 'pass', message: `${rate}.` };
}
