import { type Fault, type Hit, writersZone } from '../src/model/fault.ts';
import type { Inventory, LiveNode, Platform } from '../src/model/target.ts';
import type { ExperimentTemplate } from '../src/platform/fis-requests.ts';
import { tooManyNodes } from './shared/blast-radius.ts';
import { findWriter, writerChange } from './shared/database.ts';
import { durationMs } from './shared/duration.ts';
import { type Aim, fisExperiment } from './shared/fis-experiment.ts';
import { denyTraffic, mostSubnets } from './shared/subnets.ts';

const kind = 'zone-outage';

/**
 * One zone loses power, shaped as AWS's scenario "AZ availability: power interruption": network, nodes, new launches
 * and the database's writer at once, by one experiment, until the duration is over.
 * Proven when none of the zone's nodes is ready and the writer has left the zone.
 * @param options zone: by default the one of the database's writer. duration: as AWS writes it.
 */
export const zoneOutage = ({ zone, duration = 'PT8M' }: { zone?: string; duration?: string } = {}): Fault =>
  fisExperiment({
    kind,
    summary: `${zone ?? writersZone} loses power for ${duration}: its network, its nodes and the database's writer`,
    requires: ['fis', 'rds-failover', 'node-inventory'],
    effects: [
      {
        kind,
        startsAfterMs: 0,
        awsDurationMs: durationMs(duration),
        zoneOut: { zone: zone ?? writersZone, durationMs: durationMs(duration) },
      },
    ],
    hits: (inventory) => hits(inventory, zone),
    rolePolicies: ['EC2', 'Network', 'RDS'],
    problems: (inventory) => problems(inventory, zone),
    aim: (platform) => aim(platform, zone, duration),
  });

function hits({ zones, nodes, databaseInstances }: Inventory, zone: string | undefined): Hit[] {
  const largest = Math.max(0, ...zones.map((name) => nodes.filter((node) => node.zone === name).length));
  const inZone = zone === undefined ? undefined : nodes.filter((node) => node.zone === zone).map(({ name }) => name);
  return [
    { kind: 'zone', which: zone ?? writersZone, count: 1, of: zones.length },
    {
      kind: 'node',
      which: inZone?.join(', ') ?? 'all of that zone',
      count: inZone?.length ?? largest,
      of: nodes.length,
    },
    { kind: 'database instance', which: 'the one of that zone', count: 1, of: databaseInstances.length },
  ];
}

function problems({ zones, nodes }: Inventory, zone: string | undefined): string[] {
  if (zones.length < 2)
    return [`${kind} would take the only zone, more than its blast radius; choose a platform with several zones`];
  if (zone !== undefined && !zones.includes(zone))
    return [`${kind} finds no zone ${zone}: there are ${zones.join(', ')}; name one of them, or none`];
  const inZone = (name: string) => nodes.filter((node) => node.zone === name).length;
  // Any zone can be the writer's: the largest one counts.
  return tooManyNodes(kind, zone === undefined ? Math.max(...zones.map(inZone)) : inZone(zone), nodes.length);
}

async function aim(platform: Platform, wanted: string | undefined, duration: string): Promise<Aim | string[]> {
  const writer = await findWriter(platform);
  const zone = wanted ?? writer?.zone;
  if (zone === undefined) return [`${kind} finds no target: the database has no writer`];
  const { nodes } = await platform.inventory();
  const inZone = nodes.filter((node) => node.zone === zone);
  const hit = inZone.filter(({ ready }) => ready);
  if (hit.length === 0) return [`${kind} finds no target: no node of ${zone} is ready`];
  const tooMany = tooManyNodes(kind, inZone.length, nodes.length);
  if (tooMany.length > 0) return tooMany;
  const former = writer?.zone === zone ? writer.id : undefined;
  return {
    template: powerInterruption(zone, duration, platform.aws?.resourceTags ?? {}),
    blastRadius: {
      nodes: { atLeast: hit.length, atMost: inZone.length },
      subnets: { atLeast: 1, atMost: mostSubnets },
      database: { atLeast: former ? 1 : 0, atMost: 1 },
    },
    async bit() {
      const dark = darkness(zone, hit, (await platform.inventory()).nodes);
      const moved = former ? await writerChange(platform, former) : 'the writer is in another zone';
      return dark && moved && `${dark}; ${moved}`;
    },
  };
}

/** Evidence that none of a zone's nodes is ready; undefined while one is. */
function darkness(zone: string, hit: LiveNode[], now: LiveNode[]): string | undefined {
  const ready = new Set(now.filter((node) => node.ready).map(({ instanceArn }) => instanceArn));
  if (hit.some(({ instanceArn }) => ready.has(instanceArn))) return undefined;
  return `no node of ${zone} is ready (${hit.map(({ name }) => name).join(', ')})`;
}

/** The experiment. Targets that a platform does not have are skipped, as AWS's scenario does. */
export const powerInterruption = (
  zone: string,
  duration: string,
  resourceTags: Record<string, string>,
): ExperimentTemplate => ({
  description: `tenfold: power interruption in ${zone}`,
  targets: {
    subnets: {
      resourceType: 'aws:ec2:subnet',
      resourceTags,
      filters: [{ path: 'AvailabilityZone', values: [zone] }],
    },
    nodes: {
      resourceType: 'aws:ec2:instance',
      resourceTags,
      filters: [
        { path: 'State.Name', values: ['running'] },
        { path: 'Placement.AvailabilityZone', values: [zone] },
      ],
    },
    nodeGroups: { resourceType: 'aws:ec2:autoscaling-group', resourceTags },
    database: {
      resourceType: 'aws:rds:cluster',
      resourceTags,
      parameters: { writerAvailabilityZoneIdentifiers: zone },
    },
  },
  actions: {
    cutNetwork: denyTraffic(duration),
    stopNodes: {
      actionId: 'aws:ec2:stop-instances',
      parameters: { startInstancesAfterDuration: duration, completeIfInstancesTerminated: 'true' },
      targets: { Instances: 'nodes' },
    },
    pauseLaunches: {
      actionId: 'aws:ec2:asg-insufficient-instance-capacity-error',
      parameters: { availabilityZoneIdentifiers: zone, duration, percentage: '100' },
      targets: { AutoScalingGroups: 'nodeGroups' },
    },
    failOver: { actionId: 'aws:rds:failover-db-cluster', targets: { Clusters: 'database' } },
  },
  emptyTargets: 'skip',
});
