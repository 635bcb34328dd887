import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding } from '../model/verdict.ts';
import { isoOrNull } from './words.ts';

/** Whether there is proof that the fault bit: without it, nothing was withstood. */
export function judgeFault({ fault }: Facts, plan: Plan): Finding {
  const bit = fault !== null && fault.injectedAtMs !== null && fault.provenAtMs !== null;
  return {
    id: 'fault-bit',
    title: 'Fault bit',
    outcome: bit ? 'pass' : 'inconclusive',
    message: bit ? `${plan.fault.kind} bit: ${fault.proof ?? 'proven'}.` : `${plan.fault.kind} ${whyNot(fault)}.`,
    evidence: {
      kind: plan.fault.kind,
      injectedAt: isoOrNull(fault?.injectedAtMs ?? null),
      provenAt: isoOrNull(fault?.provenAtMs ?? null),
      proof: fault?.proof ?? null,
    },
  };
}

function whyNot(fault: Facts['fault']): string {
  if (fault === null || fault.injectedAtMs === null) return 'was not injected';
  return `was injected, but nothing proved that it bit: ${fault.proof ?? 'no proof was looked for'}`;
}
