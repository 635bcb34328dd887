import type { LiveInventory, LiveNode } from '../../src/model/facets.ts';
import type { Way } from '../../src/model/fault.ts';
import type { FacetsOf } from '../../src/platform/facets-of.ts';
import type { ExperimentTarget, ExperimentTemplate } from '../../src/platform/fis-requests.ts';
import { tooManyNodes } from '../shared/blast-radius.ts';
import { type Aim, fisWay } from '../shared/fis-way.ts';
import { mostPodsFirst, readyPodsOn } from '../shared/pods.ts';

interface Interruption {
  kind: string;
  nodes: 'one' | 'all';
  /** In AWS's format. */
  notice: string;
}

type On = FacetsOf<'fis' | 'node-inventory'>;

/**
 * Gives notice (`aws:ec2:send-spot-instance-interruptions`). Proven by the notice, or by the node's end; ends by itself
 * when the node group has replaced the nodes.
 */
export const byFis = (interruption: Interruption): Way =>
  fisWay({
    kind: interruption.kind,
    requires: ['node-inventory', 'spot-nodes'],
    rolePolicies: ['EC2'],
    aim: (on, moment) => aim(on, interruption, moment),
  });

async function aim(on: On, options: Interruption, moment: 'rehearsal' | 'strike'): Promise<Aim | string[]> {
  const { kind } = options;
  const inventory = await on.cluster.inventory();
  const spot = inventory.nodes.filter(({ capacity, ready }) => capacity === 'spot' && ready);
  // Before the load there may be no pod above the base, and so none on spot nodes.
  const busy = spot.filter((node) => moment === 'rehearsal' || readyPodsOn(inventory, node).length > 0);
  const hit = options.nodes === 'all' ? spot : busy.sort(byPods(inventory)).slice(0, 1);
  if (busy.length === 0)
    return [`${kind} finds no target: no spot node ${spot.length > 0 ? 'runs a pod' : 'is ready'}`];
  const tooMany = tooManyNodes(kind, hit.length, inventory.nodes.length);
  return tooMany.length > 0 ? tooMany : aimAt(on, hit, options);
}

function aimAt({ aws, cluster }: On, hit: LiveNode[], { nodes, notice }: Interruption): Aim {
  const target = nodes === 'all' ? everySpotNode(aws.resourceTags) : oneSpotNode(hit[0]?.id ?? '');
  return {
    template: interruptSpot(target, notice),
    blastRadius: { nodes: { atLeast: 1, atMost: hit.length } },
    async evidence(sinceMs) {
      const events = await cluster.events(sinceMs);
      const now = (await cluster.inventory()).nodes;
      const ends = hit.map((node) => noticeOf(node, events) ?? endOf(node, now));
      return ends.includes(undefined) ? undefined : ends.join('; ');
    },
  };
}

const byPods = (inventory: LiveInventory) => (a: LiveNode, b: LiveNode) =>
  mostPodsFirst(inventory)(a, b) || a.name.localeCompare(b.name);

function noticeOf({ name, id }: LiveNode, events: { message: string }[]): string | undefined {
  const instanceId = id.split('/').at(-1) ?? id;
  const mentions = ({ message }: { message: string }) => message.includes(name) || message.includes(instanceId);
  const given = events.some((event) => mentions(event) && /interrupt/i.test(event.message));
  return given ? `node ${name} was given notice` : undefined;
}

function endOf(node: LiveNode, now: LiveNode[]): string | undefined {
  const left = now.find(({ id }) => id === node.id);
  return left?.ready ? undefined : `node ${node.name} is ${left ? 'not ready' : 'gone'}`;
}

export const oneSpotNode = (instanceArn: string): ExperimentTarget => ({
  resourceType: 'aws:ec2:spot-instance',
  resourceArns: [instanceArn],
});

export const everySpotNode = (resourceTags: Record<string, string>): ExperimentTarget => ({
  resourceType: 'aws:ec2:spot-instance',
  resourceTags,
  filters: [{ path: 'State.Name', values: ['running'] }],
});

/** The experiment that gives spot instances notice. */
export const interruptSpot = (nodes: ExperimentTarget, notice: string): ExperimentTemplate => ({
  description: 'tenfold: interrupt spot nodes',
  targets: { nodes },
  actions: {
    interrupt: {
      actionId: 'aws:ec2:send-spot-instance-interruptions',
      parameters: { durationBeforeInterruption: notice },
      targets: { SpotInstances: 'nodes' },
    },
  },
  emptyTargets: 'fail',
});
