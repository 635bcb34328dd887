import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding } from '../model/verdict.ts';
import type { Checker } from './checker.ts';
import { isoOrNull } from './words.ts';

/** Whether there is proof that the fault bit: without it, nothing was withstood. No finding in a drill without a fault. */
export const fault: Checker = {
  id: 'fault-bit',
  title: 'Fault took effect',
  findings: (plan) => (plan.fault === null ? [] : ['fault-bit']),
  promises: () => [],
  judge: judgeFault,
};

function judgeFault({ fault }: Facts, plan: Plan): Finding[] {
  if (plan.fault === null) return [];
  const { kind } = plan.fault;
  const bit = fault !== null && fault.injectedAtMs !== null && fault.provenAtMs !== null;
  return [
    {
      id: 'fault-bit',
      title: 'Fault took effect',
      outcome: bit ? 'pass' : 'inconclusive',
      message: bit ? `${kind} took effect: ${fault.proof ?? 'proven'}.` : `${kind} ${whyNot(fault)}.`,
      evidence: {
        kind,
        injectedAt: isoOrNull(fault?.injectedAtMs ?? null),
        provenAt: isoOrNull(fault?.provenAtMs ?? null),
        proof: fault?.proof ?? null,
      },
    },
  ];
}

function whyNot(fault: Facts['fault']): string {
  if (fault === null || fault.injectedAtMs === null) return 'was not injected';
  return `was injected, but nothing proved that it took effect: ${fault.proof ?? 'no proof was looked for'}`;
}
