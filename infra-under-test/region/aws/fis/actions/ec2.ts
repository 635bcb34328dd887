import { durationMs } from '../durations.ts';
import type { Resource } from '../resources.ts';
import type { ActionContext, ActionDefinition } from './action.ts';
import { held } from './held.ts';
import { duration, percentage, truth, zoneList } from './parameters.ts';

/** The actions on EC2 instances and Auto Scaling groups. */
export const ec2Actions: Record<string, ActionDefinition> = {
  'aws:ec2:terminate-instances': {
    description: 'Terminate the specified EC2 instances.',
    target: { key: 'Instances', resourceType: 'aws:ec2:instance' },
    parameters: {},
    async begin({ region, resources, because }) {
      await region.machines.terminate(resources.map(instanceId), because);
      return {};
    },
  },
  'aws:ec2:stop-instances': {
    description: 'Stop the specified EC2 instances.',
    target: { key: 'Instances', resourceType: 'aws:ec2:instance' },
    parameters: {
      startInstancesAfterDuration: duration('The time after which the instances are started again.', {
        required: false,
      }),
      completeIfInstancesTerminated: truth(
        'Whether the action completes when instances were terminated meanwhile and cannot be started.',
      ),
    },
    async begin(context) {
      const { region, resources, parameters, because } = context;
      await region.machines.stop(resources.map(instanceId), because);
      const lastsMs = durationMs(parameters.startInstancesAfterDuration ?? '');
      return lastsMs === null ? {} : { lastsMs, undo: () => startAgain(context) };
    },
  },
  'aws:ec2:send-spot-instance-interruptions': {
    description: 'Send a Spot instance interruption notice to the specified Spot instances.',
    target: { key: 'SpotInstances', resourceType: 'aws:ec2:spot-instance' },
    parameters: {
      durationBeforeInterruption: duration('The time between the notice and the interruption.', { min: 2, max: 15 }),
    },
    async begin({ region, resources, parameters }) {
      const lastsMs = durationMs(parameters.durationBeforeInterruption ?? '') ?? 0;
      await region.machines.interruptSpot(resources.map(instanceId), lastsMs / region.timeScale);
      return { lastsMs };
    },
  },
  'aws:ec2:asg-insufficient-instance-capacity-error': {
    description:
      'Answer requests for new instances of the specified Auto Scaling groups with InsufficientInstanceCapacity.',
    target: { key: 'AutoScalingGroups', resourceType: 'aws:ec2:autoscaling-group' },
    parameters: {
      availabilityZoneIdentifiers: zoneList('The Availability Zones without capacity, comma-separated.'),
      duration: duration('How long there is no capacity.'),
      percentage: {
        ...percentage('The share of the requests that fail. Only 100 here.', { required: false }),
        problem: (value) => (value === '100' ? null : 'must be 100: this region fails all launches of a zone or none'),
      },
    },
    async begin({ region, resources, parameters }) {
      if (resources.length < region.machines.groups().length)
        throw new Error('this region takes the capacity of a zone from all Auto Scaling groups: target all of them');
      const zones = parameters.availabilityZoneIdentifiers?.split(',') ?? [];
      const withoutCapacity = region.holds(
        'withoutCapacity',
        async (zone) => region.machines.pauseLaunches([zone]),
        async (zone) => region.machines.resumeLaunches([zone]),
      );
      return await held(withoutCapacity, zones, parameters.duration);
    },
  },
};

const instanceId = ({ arn }: Resource) => arn.split('/').at(-1) as string;

async function startAgain({ region, resources, parameters }: ActionContext): Promise<void> {
  const wanted = resources.map(instanceId);
  const living = region.machines
    .instances()
    .filter(({ instanceId, state }) => wanted.includes(instanceId) && state.startsWith('stop'))
    .map(({ instanceId }) => instanceId);
  await region.machines.start(living);
  const gone = wanted.filter(
    (id) => !region.machines.instances().some((each) => each.instanceId === id && alive(each)),
  );
  if (gone.length > 0 && parameters.completeIfInstancesTerminated !== 'true')
    throw new Error(`instances were terminated and cannot be started: ${gone.join(', ')}`);
}

const alive = ({ state }: { state: string }) => state !== 'terminated' && state !== 'shutting-down';
