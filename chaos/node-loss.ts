import type { Fault } from '../src/model/fault.ts';
import { byFis } from './node-loss/by-fis.ts';
import { byKubernetes } from './node-loss/by-kubernetes.ts';
import { byMachines } from './node-loss/by-machines.ts';
import { tooManyNodes } from './shared/blast-radius.ts';

const kind = 'node-loss';

/** One node that serves checkout is gone: the one with the most ready pods, on-demand before spot. */
export const nodeLoss = (): Fault => ({
  kind,
  summary: 'a node that serves checkout is terminated',
  effects: [{ kind, startsAfterMs: 0 }],
  hits: ({ nodes }) => [
    { kind: 'node', which: 'the one with the most ready pods, on-demand before spot', count: 1, of: nodes.length },
  ],
  problems: ({ nodes }) =>
    nodes.length === 0
      ? [`${kind} finds no node: the platform has none; choose a target with nodes`]
      : tooManyNodes(kind, 1, nodes.length),
  ways: [byFis(kind), byMachines(kind), byKubernetes(kind)],
});
