import type { Fault } from '../src/model/fault.ts';
import type { Inventory } from '../src/model/target.ts';
import { tooManyNodes } from './shared/blast-radius.ts';
import { awsDuration } from './shared/duration.ts';
import { byFis } from './spot-interruption/by-fis.ts';
import { byMachines } from './spot-interruption/by-machines.ts';

const kind = 'spot-interruption';

/** From a node's end until its pods are known to be gone, on the platform's clock. */
const untilKnownMs = 60_000;

interface Options {
  /** One spot node that runs pods, or every spot node at once. */
  nodes: 'one' | 'all';
  /** From the notice to the termination, in AWS's format: at least PT2M. */
  notice?: string;
}

/** Spot nodes are taken back, with notice. */
export const spotInterruption = ({ nodes, notice = 'PT2M' }: Options): Fault => ({
  kind,
  summary: nodes === 'all' ? 'all spot nodes are interrupted at once' : 'a spot node that runs pods is interrupted',
  effects: [{ kind, startsAfterMs: 0, lasts: { platformMs: awsDuration(notice).platformMs + untilKnownMs } }],
  hits: ({ nodes: all }) => [
    {
      kind: 'node',
      which: nodes === 'all' ? 'every spot node' : 'a spot node, the one with the most ready pods',
      count: nodes === 'all' ? all.filter(({ capacity }) => capacity === 'spot').length : 1,
      of: all.length,
    },
  ],
  problems: (inventory) => problems(inventory, nodes),
  ways: [byFis({ kind, nodes, notice }), byMachines({ kind, nodes, notice })],
});

function problems({ nodes }: Inventory, which: Options['nodes']): string[] {
  const spot = nodes.filter(({ capacity }) => capacity === 'spot').length;
  if (spot === 0) return [`${kind} finds no target: the platform has no spot nodes; add a group of them`];
  return tooManyNodes(kind, which === 'all' ? spot : 1, nodes.length);
}
