import { randomBytes, randomUUID } from 'node:crypto';
import type { Instance, NodeGroup, Subnet, SubnetTier } from '../machines.ts';
import type { NodePlace } from './nodes.ts';

const account = '000000000000';

/** The name of the AWS region that the pocket region claims to be. */
export const awsRegion = 'local-1';

/** On everything that belongs to the shop: faults find their targets by it. */
export const shopTags: Record<string, string> = { 'tenfold:shop': 'storefront' };

/** A name as AWS gives them, e.g. i-0123456789abcdef0. */
const newId = (prefix: string): string => `${prefix}-${randomBytes(9).toString('hex').slice(0, 17)}`;

const arnOf = (service: string, resource: string): string => `arn:aws:${service}:${awsRegion}:${account}:${resource}`;

/** The ARN of a database cluster. */
export const clusterArnOf = (clusterId: string): string => arnOf('rds', `cluster:${clusterId}`);

/** A subnet of a zone. */
export function newSubnet(zone: string, tier: SubnetTier): Subnet {
  const subnetId = newId('subnet');
  const tags = { Name: `${tier}-${zone}`, 'tenfold:tier': tier, ...shopTags };
  return { subnetId, arn: arnOf('ec2', `subnet/${subnetId}`), zone, tier, tags };
}

/** The auto scaling group of a node group. */
export function newNodeGroup(name: string): NodeGroup {
  const arn = arnOf('autoscaling', `autoScalingGroup:${randomUUID()}:autoScalingGroupName/${name}`);
  return { name, arn, tags: { 'eks:nodegroup-name': name, ...shopTags } };
}

/** The machine of a node, not booted yet. */
export function newInstance({ name, zone, capacity }: NodePlace, group: string, subnetId: string): Instance {
  const instanceId = newId('i');
  return {
    instanceId,
    arn: arnOf('ec2', `instance/${instanceId}`),
    node: name,
    zone,
    subnetId,
    group,
    capacity,
    state: 'pending',
    tags: { Name: name, 'eks:nodegroup-name': group, ...shopTags },
  };
}
