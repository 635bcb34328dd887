import type { Fault } from '../src/model/fault.ts';
import type { LiveInventory, LiveNode, Platform } from '../src/model/target.ts';
import type { ExperimentTemplate } from '../src/platform/fis-requests.ts';
import { tooManyNodes } from './shared/blast-radius.ts';
import { type Aim, fisExperiment } from './shared/fis-experiment.ts';
import { mostPodsFirst, readyPodsOn } from './shared/pods.ts';

const kind = 'node-loss';

/**
 * Terminates one node that serves checkout (`aws:ec2:terminate-instances`): the one with the most ready pods, on-demand
 * before spot. Proven when the node is no longer ready; ends on its own when the node group has replaced it.
 */
export const nodeLoss = (): Fault =>
  fisExperiment({
    kind,
    summary: 'a node that serves checkout is terminated',
    requires: ['fis', 'node-inventory'],
    effects: [{ kind, startsAfterMs: 0 }],
    hits: ({ nodes }) => [
      { kind: 'node', which: 'the one with the most ready pods, on-demand before spot', count: 1, of: nodes.length },
    ],
    rolePolicies: ['EC2'],
    problems: ({ nodes }) =>
      nodes.length === 0
        ? [`${kind} finds no node: the platform has none; choose a target with nodes`]
        : tooManyNodes(kind, 1, nodes.length),
    aim,
  });

async function aim(platform: Platform): Promise<Aim | string[]> {
  const inventory = await platform.inventory();
  const [node] = inventory.nodes.filter((each) => readyPodsOn(inventory, each).length > 0).sort(byPods(inventory));
  if (!node) return [`${kind} finds no target: no node runs a ready pod`];
  const tooMany = tooManyNodes(kind, 1, inventory.nodes.length);
  if (tooMany.length > 0) return tooMany;
  const pods = readyPodsOn(inventory, node).map(({ name }) => name);
  return {
    template: terminateNode(node.instanceArn),
    blastRadius: { node: { atLeast: 1, atMost: 1 } },
    async bit() {
      const now = (await platform.inventory()).nodes.find(({ instanceArn }) => instanceArn === node.instanceArn);
      if (now?.ready) return undefined;
      return `node ${node.name} with ${pods.join(', ')} is ${now ? 'not ready' : 'gone'}`;
    },
  };
}

const byPods = (inventory: LiveInventory) => (a: LiveNode, b: LiveNode) =>
  mostPodsFirst(inventory)(a, b) || a.capacity.localeCompare(b.capacity) || a.name.localeCompare(b.name);

/** The experiment that terminates one instance. */
export const terminateNode = (instanceArn: string): ExperimentTemplate => ({
  description: 'tenfold: terminate one node',
  targets: { node: { resourceType: 'aws:ec2:instance', resourceArns: [instanceArn] } },
  actions: { terminate: { actionId: 'aws:ec2:terminate-instances', targets: { Instances: 'node' } } },
  emptyTargets: 'fail',
});
