import { type Capacity, capacityName } from '../model/capacity.ts';
import type { Review, Risk } from '../model/review.ts';
import type { Outcome } from '../model/verdict.ts';
import type { EvidenceRun } from './review-drill.ts';
import { waiverOf, waiverText } from './waivers.ts';

/** A run in steps as a review has it. */
export interface ReviewedCapacity {
  run: EvidenceRun;
  capacity: Capacity;
}

/** What runs in steps show. */
export interface CapacityEvidence {
  /** What speaks against a go, whatever was measured since, as another run takes nothing back: each thing once, as the newest tells it. */
  against: Against[];
  /** The newest run that speaks against a go and is not waived; otherwise the newest fresh one that was held to its end. */
  shown: ReviewedCapacity | null;
}

interface Against {
  text: string;
  waiver: Risk | undefined;
}

/** @param runs oldest first @param isFresh whether a run is no older than evidence may be */
export function capacityEvidence(
  runs: readonly EvidenceRun[],
  waivers: readonly Risk[],
  isFresh: (run: EvidenceRun) => boolean,
): CapacityEvidence {
  const newestFirst = runs.flatMap((run) => (run.capacity === null ? [] : [{ run, capacity: run.capacity }])).reverse();
  const against = new Map<string, Against & { by: ReviewedCapacity }>();
  for (const by of newestFirst)
    for (const { id, text } of speakingAgainst(by))
      if (!against.has(id)) against.set(id, { text, waiver: waiverOf(waivers, capacityName, id), by });
  const all = [...against.values()];
  const whole = newestFirst.find(({ run, capacity }) => capacity.status === 'completed' && isFresh(run));
  return { against: all, shown: all.find(({ waiver }) => waiver === undefined)?.by ?? whole ?? null };
}

/** @returns id: of what is broken, by which it can be waived */
function speakingAgainst({ run, capacity }: ReviewedCapacity): { id: string; text: string }[] {
  const { outcome, ended, zonesLost } = capacity;
  const isFail = (finding: { outcome: Outcome | null }) => finding.outcome === 'fail';
  return [
    ...(outcome === 'fail' ? [{ id: 'peak', text: `it does not carry ten times the traffic: ${ended.because}` }] : []),
    ...(zonesLost?.carriesTenfold === false
      ? [{ id: 'zone', text: `without a zone it does not carry ten times the traffic: ${zonesLost.because}` }]
      : []),
    ...run.verdict.findings
      .filter(isFail)
      .map(({ id, message }) => ({ id, text: `on the way up ${id} failed: ${message}` })),
  ];
}

export function capacityReasons({ against, shown }: CapacityEvidence): Review['reasons'] {
  return [
    ...against.map(({ text, waiver }): Review['reasons'][number] => {
      const said = text.replace(/\.$/, '');
      return waiver ? { speaks: 'waived', text: `${said}; ${waiverText(waiver)}` } : { speaks: 'against', text: said };
    }),
    ...(shown === null
      ? [
          {
            speaks: 'missing' as const,
            text: 'how much it carries was not measured by a run in steps of the same traffic',
          },
        ]
      : []),
  ];
}

/** What a run in steps could not tell. That ten times the traffic is carried, every drill shows at its peak. */
export function uncertainCapacity(shown: ReviewedCapacity | null): Review['notTested'] {
  if (shown === null) return [];
  const { outcome, notTrustedBecause, zonesLost, unknown } = shown.capacity;
  const recommended = Object.entries(unknown).filter(([path]) => path.startsWith('recommended.'));
  return [
    ...(outcome === 'inconclusive'
      ? [
          {
            what: 'capacity: how much more than ten times it carries',
            why: notTrustedBecause.join('; ') || 'nothing gave way',
          },
        ]
      : []),
    ...(zonesLost === null || zonesLost.carriesTenfold === null
      ? [
          {
            what: 'capacity: whether it carries ten times the traffic without a zone',
            why: zonesLost?.because ?? unknown.zonesLost ?? 'no run tells',
          },
        ]
      : []),
    ...recommended.map(([path, why]) => ({ what: `capacity: ${path.replace('.', ' ')}`, why })),
  ];
}
