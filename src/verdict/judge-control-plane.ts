import type { Facts } from '../model/facts.ts';
import type { Finding } from '../model/verdict.ts';
import type { Checker } from './checker.ts';
import { counted, duration, iso } from './words.ts';

/** Tells when nothing was heard of the platform's control plane. No shopper notices that: it is not judged. */
export const controlPlane: Checker = {
  id: 'control-plane',
  title: 'Control plane heard',
  findings: () => [],
  promises: () => [],
  judge: tellUnheard,
};

function tellUnheard({ unheard }: Facts): Finding[] {
  const [first] = unheard;
  if (first === undefined) return [];
  const ms = unheard.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  const when =
    unheard.length === 1 ? `from ${iso(first.fromMs)} on` : `in ${counted(unheard.length, 'stretch', 'stretches')}`;
  return [
    {
      id: 'control-plane',
      title: 'Control plane heard',
      outcome: null,
      message:
        `Nothing was heard of the platform's control plane for ${duration(ms)}, ${when}: what it tells of that time is late by up ` +
        'to as much. What shoppers saw counts all the same.',
      evidence: { unheardMs: Math.round(ms), stretches: unheard.length, firstAt: iso(first.fromMs) },
    },
  ];
}
