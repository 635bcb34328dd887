import type { Capacity } from '../model/capacity.ts';
import type { Review, Risk } from '../model/review.ts';
import type { Outcome } from '../model/verdict.ts';
import type { EvidenceRun } from './review-drill.ts';
import { waiverOf, waiverText } from './waivers.ts';

/** A run in steps as a review has it. */
export interface ReviewedCapacity {
  run: EvidenceRun;
  capacity: Capacity;
}

/**
 * The run in steps that decides: the newest that speaks against a go, whatever was measured since, as another run takes nothing back;
 * otherwise the newest that was held to its end. null: there is neither.
 * @param runs oldest first
 */
export function decidingCapacity(runs: readonly EvidenceRun[]): ReviewedCapacity | null {
  const stepped = runs.flatMap((run) => (run.capacity === null ? [] : [{ run, capacity: run.capacity }]));
  return (
    stepped.findLast((one) => speakingAgainst(one).length > 0) ??
    stepped.findLast(({ capacity }) => capacity.status === 'completed') ??
    null
  );
}

/** @param id of what is broken, by which it can be waived */
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

export function capacityReasons(deciding: ReviewedCapacity | null, waivers: readonly Risk[]): Review['reasons'] {
  if (deciding === null)
    return [{ speaks: 'missing', text: 'how much it carries was not measured: npm run tenfold -- capacity' }];
  return speakingAgainst(deciding).map(({ id, text }) => {
    const waiver = waiverOf(waivers, 'capacity', id);
    const said = text.replace(/\.$/, '');
    return waiver ? { speaks: 'waived', text: `${said}; ${waiverText(waiver)}` } : { speaks: 'against', text: said };
  });
}

/** What a run in steps could not tell. That ten times the traffic is carried, every drill shows at its peak. */
export function uncertainCapacity(deciding: ReviewedCapacity | null): Review['notTested'] {
  if (deciding === null) return [];
  const { outcome, notTrustedBecause, zonesLost, unknown } = deciding.capacity;
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
