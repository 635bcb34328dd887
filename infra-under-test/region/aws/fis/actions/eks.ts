import { valuesAt } from '../resources.ts';
import { select } from '../selection.ts';
import type { ActionDefinition } from './action.ts';
import { percentage } from './parameters.ts';

/** The actions on EKS node groups. */
export const eksActions: Record<string, ActionDefinition> = {
  'aws:eks:terminate-nodegroup-instances': {
    description: 'Terminate a percentage of the EC2 instances of the specified node groups.',
    target: { key: 'Nodegroups', resourceType: 'aws:eks:nodegroup' },
    parameters: {
      instanceTerminationPercentage: percentage('The share of the instances to terminate.', { required: true }),
    },
    async begin({ region, resources, parameters, because }) {
      const number = Number(parameters.instanceTerminationPercentage);
      const groups = resources.flatMap(({ attributes }) => valuesAt(attributes, 'NodegroupName'));
      const chosen = groups.flatMap((name) => {
        const running = region.machines.instances().filter(({ group, state }) => group === name && state === 'running');
        return select(running, { kind: 'percent', number });
      });
      if (chosen.length === 0) throw new Error(`${number} percent of the instances of ${groups.join(', ')} is none`);
      const ids = chosen.map(({ instanceId }) => instanceId);
      await region.machines.terminate(ids, because);
      return {};
    },
  },
};
