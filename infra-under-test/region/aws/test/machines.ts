import { randomBytes, randomUUID } from 'node:crypto';
import type { Instance, InstanceState, Machines, Subnet, SubnetTier } from '../../machines.ts';

/** For tests: machines of a region that only record what was done to them. */
export interface TestMachines extends Machines {
  /** What was called, in order: `stop i-1 i-2`. */
  calls: string[];
  /** The subnets that are cut off, by their names: nodes-local-1a, database-local-1a. */
  disconnected: Set<string>;
  pausedZones: Set<string>;
  /** An instance by the name of its node. */
  node(name: string): Instance;
}

const zones = ['local-1a', 'local-1b', 'local-1c'];
const account = '000000000000';
const tags = { 'tenfold:shop': 'storefront' };
const id = (kind: 'i' | 'subnet') => `${kind}-${randomBytes(9).toString('hex').slice(0, 17)}`;

/** An on-demand node (`local-1a-1`) and a spot node (`local-1a-2`) in each of three zones. */
export function testMachines(): TestMachines {
  const nodeSubnets = zones.map((zone) => subnet(zone, 'nodes'));
  const subnets = [...nodeSubnets, ...zones.map((zone) => subnet(zone, 'database'))];
  const groups = ['on-demand', 'spot'].map((name) => ({
    name,
    arn: `arn:aws:autoscaling:local-1:${account}:autoScalingGroup:${randomUUID()}:autoScalingGroupName/${name}`,
    tags,
  }));
  const instances = nodeSubnets.flatMap(({ zone, subnetId }) => [
    instance(`${zone}-1`, zone, subnetId, 'on-demand'),
    instance(`${zone}-2`, zone, subnetId, 'spot'),
  ]);
  const calls: string[] = [];
  const nodesOf = (ids: string[]) => instances.filter(({ instanceId }) => ids.includes(instanceId));
  const become = (state: InstanceState, ids: string[]) => {
    for (const each of nodesOf(ids)) each.state = state;
  };
  const note = (call: string, names: string[]) => calls.push([call, ...names].join(' '));
  const noteNodes = (call: string, ids: string[]) =>
    note(
      call,
      nodesOf(ids).map(({ node }) => node),
    );
  const disconnected = new Set<string>();
  const pausedZones = new Set<string>();
  const nameOf = (subnetId: string) => subnets.find((each) => each.subnetId === subnetId)?.tags.Name ?? '';
  return {
    calls,
    disconnected,
    pausedZones,
    node: (name) => instances.find(({ node }) => node === name) as Instance,
    instances: () => instances,
    subnets: () => subnets,
    groups: () => groups,
    async terminate(ids) {
      noteNodes('terminate', ids);
      become('terminated', ids);
    },
    async stop(ids) {
      noteNodes('stop', ids);
      become('stopped', ids);
    },
    async start(ids) {
      noteNodes('start', ids);
      become('running', ids);
    },
    async interruptSpot(ids, noticeMs) {
      noteNodes(`interrupt in ${noticeMs}`, ids);
    },
    async disconnect(subnetId) {
      note('disconnect', [nameOf(subnetId)]);
      disconnected.add(nameOf(subnetId));
    },
    async reconnect(subnetId) {
      note('reconnect', [nameOf(subnetId)]);
      disconnected.delete(nameOf(subnetId));
    },
    pauseLaunches(paused) {
      note('pause', paused);
      for (const zone of paused) pausedZones.add(zone);
    },
    resumeLaunches(resumed) {
      note('resume', resumed);
      for (const zone of resumed) pausedZones.delete(zone);
    },
  };
}

function subnet(zone: string, tier: SubnetTier): Subnet {
  const subnetId = id('subnet');
  const arn = `arn:aws:ec2:local-1:${account}:subnet/${subnetId}`;
  return { subnetId, arn, zone, tier, tags: { ...tags, Name: `${tier}-${zone}`, 'tenfold:tier': tier } };
}

function instance(node: string, zone: string, subnetId: string, capacity: 'on-demand' | 'spot'): Instance {
  const instanceId = id('i');
  return {
    instanceId,
    arn: `arn:aws:ec2:local-1:${account}:instance/${instanceId}`,
    node,
    zone,
    subnetId,
    group: capacity,
    capacity,
    state: 'running',
    tags: { Name: node, 'tenfold:shop': 'storefront', 'eks:nodegroup-name': capacity },
  };
}
