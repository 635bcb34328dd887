import type { Way } from '../../src/model/fault.ts';
import type { FacetsOf } from '../../src/platform/facets-of.ts';
import type { ExperimentTemplate } from '../../src/platform/fis-requests.ts';
import { tooManyNodes } from '../shared/blast-radius.ts';
import { type Aim, fisWay } from '../shared/fis-way.ts';
import { busiestNode, readyPodsOn } from '../shared/pods.ts';

/**
 * Terminates the node (`aws:ec2:terminate-instances`). Proven when it is no longer ready; ends by itself when the node
 * group has replaced it.
 */
export const byFis = (kind: string): Way =>
  fisWay({
    kind,
    requires: ['node-inventory'],
    rolePolicies: ['EC2'],
    aim: (on) => aim(kind, on),
  });

async function aim(kind: string, { cluster }: FacetsOf<'node-inventory'>): Promise<Aim | string[]> {
  const inventory = await cluster.inventory();
  const node = busiestNode(inventory);
  if (!node) return [`${kind} finds no target: no node runs a ready pod`];
  const tooMany = tooManyNodes(kind, 1, inventory.nodes.length);
  if (tooMany.length > 0) return tooMany;
  const pods = readyPodsOn(inventory, node).map(({ name }) => name);
  return {
    template: terminateNode(node.id),
    blastRadius: { node: { atLeast: 1, atMost: 1 } },
    async evidence() {
      const now = (await cluster.inventory()).nodes.find(({ id }) => id === node.id);
      if (now?.ready) return undefined;
      return `node ${node.name} with ${pods.join(', ')} is ${now ? 'not ready' : 'gone'}`;
    },
  };
}

/** The experiment that terminates one instance. */
export const terminateNode = (instanceArn: string): ExperimentTemplate => ({
  description: 'tenfold: terminate one node',
  targets: { node: { resourceType: 'aws:ec2:instance', resourceArns: [instanceArn] } },
  actions: { terminate: { actionId: 'aws:ec2:terminate-instances', targets: { Instances: 'node' } } },
  emptyTargets: 'fail',
});
