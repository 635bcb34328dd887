import type { PodEnd } from '../model/facets.ts';
import type { CapacityFacts, Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding } from '../model/verdict.ts';
import type { Checker } from './checker.ts';
import { capacityDoubts, evidenceDoubts, passUnlessInDoubt, unlessInDoubt } from './doubts.ts';
import { endsInWords, podEndDoubts } from './pod-ends.ts';
import { counted, number } from './words.ts';

const causeWords: [PodEnd['cause'], string][] = [
  ['evicted', 'evicted'],
  ['node-lost', 'lost with their node'],
  ['scaled-down', 'scaled down'],
  ['crashed', 'crashed'],
];

/** Whether the platform accounts for every pod that ended: one that crashed is a bug until shown otherwise. */
export const restarts: Checker = {
  id: 'restarts',
  title: 'Restarts attributed',
  findings: ({ objectives }) => (objectives.restarts === undefined ? [] : ['restarts']),
  promises: ({ objectives: { restarts } }) =>
    restarts === undefined
      ? []
      : [
          `${restarts.maxUnattributed === 0 ? 'no pod ends' : `at most ${counted(restarts.maxUnattributed, 'pod')} end`} without a known cause`,
        ],
  judge: judgeRestarts,
};

function judgeRestarts(facts: Facts, plan: Plan): Finding[] {
  if (plan.objectives.restarts === undefined) return [];
  const { maxUnattributed } = plan.objectives.restarts;
  const ends = facts.capacity?.podEnds ?? [];
  const of = (cause: PodEnd['cause']) =>
    facts.capacity === null ? null : ends.filter((end) => end.cause === cause).length;
  const finding: Finding = {
    id: 'restarts',
    title: 'Restarts attributed',
    ...outcomeOf(facts.capacity, maxUnattributed),
    evidence: {
      ended: facts.capacity === null ? null : ends.length,
      evicted: of('evicted'),
      nodeLost: of('node-lost'),
      scaledDown: of('scaled-down'),
      crashed: of('crashed'),
      maxUnattributed,
      ends: endsInWords(ends),
    },
  };
  const doubts = [...podEndDoubts(facts), ...capacityDoubts(facts)];
  return [unlessInDoubt(passUnlessInDoubt(finding, doubts), evidenceDoubts(facts))];
}

function outcomeOf(capacity: CapacityFacts | null, maxUnattributed: number): Pick<Finding, 'outcome' | 'message'> {
  const allowed = maxUnattributed === 0 ? 'none may crash' : `at most ${number(maxUnattributed, 0)} may crash`;
  if (capacity === null)
    return { outcome: 'inconclusive', message: `It is unknown which pods there were, and why they ended; ${allowed}.` };
  const { podEnds } = capacity;
  if (podEnds.length === 0) return { outcome: 'pass', message: `No pod ended while the load was on; ${allowed}.` };
  const causes = causeWords.flatMap(([cause, words]) => {
    const count = podEnds.filter((end) => end.cause === cause).length;
    return count === 0 ? [] : [`${number(count, 0)} ${words}`];
  });
  const crashed = podEnds.filter(({ cause }) => cause === 'crashed').length;
  return {
    outcome: crashed > maxUnattributed ? 'fail' : 'pass',
    message: `${counted(podEnds.length, 'pod')} ended while the load was on, ${causes.join(', ')}; ${allowed}.`,
  };
}
