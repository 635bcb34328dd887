import type { Fault, Hit } from '../src/model/fault.ts';
import type { Inventory } from '../src/model/target.ts';
import { byKubernetes } from './bad-deploy/by-kubernetes.ts';

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

const chosen = ({ deployments = [] }: Inventory, name: string | undefined) =>
  deployments.filter((one) => name === undefined || one.name === name);

const hits = (inventory: Inventory, name: string | undefined): Hit[] =>
  chosen(inventory, name).map(({ name, pods, mayLose }) => ({
    kind: 'pod',
    which: `those of ${name} that its rollout may take away at once`,
    count: mayLose,
    of: pods,
  }));

function problems(inventory: Inventory, name: string | undefined): string[] {
  // Whether the target has deployments at all is a capability.
  if (inventory.deployments === undefined) return [];
  const names = inventory.deployments.map((one) => one.name).join(', ') || 'none';
  const found = chosen(inventory, name).length;
  if (found === 0)
    return [`${kind} finds no deployment ${name === undefined ? '' : `${name} `}of the shop: there is ${names}`];
  return found === 1 ? [] : [`${kind} is for one deployment, and several serve shoppers: ${names}; name one of them`];
}
