import type { Fault } from '../src/model/fault.ts';
import type { Inventory, LiveInventory, LiveNode, Platform } from '../src/model/target.ts';
import type { ExperimentTarget, ExperimentTemplate } from '../src/platform/fis-requests.ts';
import { tooManyNodes } from './shared/blast-radius.ts';
import { durationMs } from './shared/duration.ts';
import { type Aim, fisExperiment } from './shared/fis-experiment.ts';
import { mostPodsFirst, readyPodsOn } from './shared/pods.ts';

const kind = 'spot-interruption';

interface Options {
  /** One spot node that runs pods, or every spot node at once. */
  nodes: 'one' | 'all';
  /** From the notice to the termination, as AWS writes it: PT2M at the least. */
  notice?: string;
}

/**
 * Interrupts spot nodes with notice (`aws:ec2:send-spot-instance-interruptions`).
 * Proven by the notice, or by the node's end; ends on its own when the node group has replaced the nodes.
 */
export const spotInterruption = ({ nodes, notice = 'PT2M' }: Options): Fault =>
  fisExperiment({
    kind,
    summary: nodes === 'all' ? 'all spot nodes are interrupted at once' : 'a spot node that runs pods is interrupted',
    requires: ['fis', 'node-inventory', 'spot-nodes'],
    // From the notice to the node's end, and until its pods are known to be gone.
    effects: [{ kind, startsAfterMs: 0, awsDurationMs: durationMs(notice) + durationMs('PT1M') }],
    hits: ({ nodes: all }) => [
      {
        kind: 'node',
        which: nodes === 'all' ? 'every spot node' : 'a spot node, the one with the most ready pods',
        count: nodes === 'all' ? all.filter(({ capacity }) => capacity === 'spot').length : 1,
        of: all.length,
      },
    ],
    rolePolicies: ['EC2'],
    problems: (inventory) => problems(inventory, nodes),
    aim: (platform, moment) => aim(platform, { nodes, notice }, moment),
  });

function problems({ nodes }: Inventory, which: Options['nodes']): string[] {
  const spot = nodes.filter(({ capacity }) => capacity === 'spot').length;
  if (spot === 0) return [`${kind} finds no target: the platform has no spot nodes; add a group of them`];
  return tooManyNodes(kind, which === 'all' ? spot : 1, nodes.length);
}

async function aim(platform: Platform, options: Required<Options>, moment: 'rehearsal' | 'strike') {
  const inventory = await platform.inventory();
  const spot = inventory.nodes.filter(({ capacity, ready }) => capacity === 'spot' && ready);
  // Before the load there may be no pod above the base, and so none on spot nodes.
  const busy = spot.filter((node) => moment === 'rehearsal' || readyPodsOn(inventory, node).length > 0);
  const hit = options.nodes === 'all' ? spot : busy.sort(byPods(inventory)).slice(0, 1);
  if (busy.length === 0)
    return [`${kind} finds no target: no spot node ${spot.length > 0 ? 'runs a pod' : 'is ready'}`];
  const tooMany = tooManyNodes(kind, hit.length, inventory.nodes.length);
  return tooMany.length > 0 ? tooMany : aimAt(platform, hit, options);
}

function aimAt(platform: Platform, hit: LiveNode[], { nodes, notice }: Required<Options>): Aim {
  const target =
    nodes === 'all' ? everySpotNode(platform.aws?.resourceTags ?? {}) : oneSpotNode(hit[0]?.instanceArn ?? '');
  return {
    template: interruptSpot(target, notice),
    blastRadius: { nodes: { atLeast: 1, atMost: hit.length } },
    async bit(sinceMs) {
      const events = await platform.events(sinceMs);
      const now = (await platform.inventory()).nodes;
      const ends = hit.map((node) => noticeOf(node, events) ?? endOf(node, now));
      return ends.includes(undefined) ? undefined : ends.join('; ');
    },
  };
}

const byPods = (inventory: LiveInventory) => (a: LiveNode, b: LiveNode) =>
  mostPodsFirst(inventory)(a, b) || a.name.localeCompare(b.name);

function noticeOf({ name, instanceArn }: LiveNode, events: { message: string }[]): string | undefined {
  const instanceId = instanceArn.split('/').at(-1) ?? instanceArn;
  const mentions = ({ message }: { message: string }) => message.includes(name) || message.includes(instanceId);
  const given = events.some((event) => mentions(event) && /interrupt/i.test(event.message));
  return given ? `node ${name} was given notice` : undefined;
}

function endOf(node: LiveNode, now: LiveNode[]): string | undefined {
  const left = now.find(({ instanceArn }) => instanceArn === node.instanceArn);
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
