import type { Fault, Hit } from '../src/model/fault.ts';
import type { Inventory } from '../src/model/target.ts';
import { byKubernetes } from './bad-deploy/by-kubernetes.ts';
import { namesOf } from './shared/one-workload.ts';

const kind = 'bad-deploy';

/**
 * A revision is rolled out whose pods run, but never get ready.
 * @param options deployment: by default the one whose pods serve shoppers
 */
export const badDeploy = ({ deployment }: { deployment?: string } = {}): Fault => ({
  kind,
  summary: `a revision ${deployment === undefined ? 'of the shop' : `of ${deployment}`} is rolled out whose pods never get ready`,
  effects: [{ kind, startsAfterMs: 0 }],
  hits: (inventory) => hits(inventory, deployment),
  problems: (inventory) => problems(inventory, deployment),
  ways: [byKubernetes({ kind, deployment })],
});

/** The deployments of the shop, or the one of that name. */
const chosen = ({ workloads = [] }: Inventory, wanted?: string) =>
  workloads.filter(
    ({ kind, name, servesShoppers }) =>
      kind === 'Deployment' && servesShoppers && (wanted === undefined || name === wanted),
  );

const hits = (inventory: Inventory, wanted: string | undefined): Hit[] =>
  chosen(inventory, wanted).map(({ name, pods, mayLose }) => ({
    kind: 'pod',
    which: `those of ${name} that its rollout may take away at once`,
    count: mayLose,
    of: pods,
  }));

function problems(inventory: Inventory, wanted: string | undefined): string[] {
  // Whether the target has deployments at all is a capability.
  if (inventory.workloads === undefined) return [];
  const names = namesOf(chosen(inventory));
  const found = chosen(inventory, wanted).length;
  if (found === 0)
    return [`${kind} finds no deployment ${wanted === undefined ? '' : `${wanted} `}of the shop: there is ${names}`];
  return found === 1 ? [] : [`${kind} is for one deployment, and several serve shoppers: ${names}; name one of them`];
}
