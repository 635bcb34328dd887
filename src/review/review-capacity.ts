import type { Capacity } from '../model/capacity.ts';
import type { Review } from '../model/review.ts';

/** A run in steps as a review has it, with the checksum of its file. */
export interface EvidenceOfCapacity {
  sha256: string;
  capacity: Capacity;
}

export function capacityReasons(evidence: EvidenceOfCapacity | null): Review['reasons'] {
  if (evidence === null)
    return [{ speaks: 'missing', text: 'how much it carries was not measured: npm run tenfold -- capacity' }];
  const { outcome, ended, zonesLost } = evidence.capacity;
  return [
    ...(outcome === 'fail'
      ? [{ speaks: 'against' as const, text: `it does not carry ten times the traffic: ${ended.because}` }]
      : []),
    ...(zonesLost?.carriesTenfold === false
      ? [
          {
            speaks: 'against' as const,
            text: `without a zone it does not carry ten times the traffic: ${zonesLost.because}`,
          },
        ]
      : []),
  ];
}

/** That ten times the traffic is carried, every drill shows at its peak; how much more would be, only a model that can be trusted. */
export const uncertainCapacity = (evidence: EvidenceOfCapacity | null): Review['notTested'] =>
  evidence?.capacity.outcome === 'inconclusive'
    ? [
        {
          what: 'capacity: how much more than ten times it carries',
          why: evidence.capacity.notTrustedBecause.join('; ') || 'nothing gave way',
        },
      ]
    : [];
