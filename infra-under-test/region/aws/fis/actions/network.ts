import { valuesAt } from '../resources.ts';
import type { ActionDefinition } from './action.ts';
import { held } from './held.ts';
import { duration } from './parameters.ts';

const scopes = ['all', 'availability-zone', 'dynamodb', 'prefix-list', 's3', 's3express', 'vpc'];

/** The actions on the network. */
export const networkActions: Record<string, ActionDefinition> = {
  'aws:network:disrupt-connectivity': {
    description: 'Deny the traffic of the specified subnets.',
    target: { key: 'Subnets', resourceType: 'aws:ec2:subnet' },
    parameters: {
      scope: {
        description: 'The traffic that is denied. Only all here.',
        required: true,
        problem(value) {
          if (!scopes.includes(value)) return `must be one of ${scopes.join(', ')}`;
          return value === 'all' ? null : 'must be all: this region can deny no other traffic';
        },
      },
      duration: duration('How long the traffic is denied.'),
    },
    async begin({ region, resources, parameters }) {
      const subnetIds = resources.flatMap(({ attributes }) => valuesAt(attributes, 'SubnetId'));
      const disconnected = region.holds(
        'disconnected',
        (subnetId) => region.machines.disconnect(subnetId),
        (subnetId) => region.machines.reconnect(subnetId),
      );
      return await held(disconnected, subnetIds, parameters.duration);
    },
  },
};
