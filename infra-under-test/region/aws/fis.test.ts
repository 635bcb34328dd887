import {
  CreateExperimentTemplateCommand,
  DeleteExperimentTemplateCommand,
  GetActionCommand,
  GetExperimentTemplateCommand,
  GetTargetResourceTypeCommand,
  ListActionsCommand,
  ListExperimentResolvedTargetsCommand,
  ListExperimentsCommand,
  ListExperimentTemplatesCommand,
  ListTagsForResourceCommand,
  ListTargetResourceTypesCommand,
  StartExperimentCommand,
  StopExperimentCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateExperimentTemplateCommand,
} from '@aws-sdk/client-fis';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTestFis, type TestFis, template } from './test/fis.ts';

let fis: TestFis;
beforeEach(async () => {
  fis = await startTestFis();
});
afterEach(() => fis[Symbol.asyncDispose]());

const create = async (changes: Parameters<typeof template>[0] = {}) =>
  (await fis.client.send(new CreateExperimentTemplateCommand(template(changes)))).experimentTemplate;

const start = async (changes: Parameters<typeof template>[0] = {}) => {
  const experimentTemplateId = (await create(changes))?.id;
  return (await fis.client.send(new StartExperimentCommand({ experimentTemplateId }))).experiment;
};

const tags = { 'tenfold:shop': 'storefront' };
const all = (resourceType: string) => ({ resourceType, resourceTags: tags, selectionMode: 'ALL' });

describe('experiment templates', () => {
  it('are made, shown, listed, changed and deleted', async () => {
    const made = await create({ tags: { drill: 'node-loss' } });
    expect(made).toMatchObject({
      id: expect.stringMatching(/^EXT\w{15}$/),
      description: 'Terminate one instance',
      tags: { drill: 'node-loss' },
      stopConditions: [{ source: 'none' }],
      experimentOptions: { accountTargeting: 'single-account', emptyTargetResolutionMode: 'fail' },
    });
    expect(Math.abs(Date.now() - Number(made?.creationTime))).toBeLessThan(5_000);
    const id = made?.id ?? '';
    expect((await fis.client.send(new GetExperimentTemplateCommand({ id }))).experimentTemplate).toEqual(made);

    await create();
    const page = await fis.client.send(new ListExperimentTemplatesCommand({ maxResults: 1 }));
    const next = await fis.client.send(new ListExperimentTemplatesCommand({ nextToken: page.nextToken ?? '' }));
    expect([page.experimentTemplates?.length, next.experimentTemplates?.map((each) => each.id)]).toEqual([1, [id]]);
    expect(next.nextToken).toBeUndefined();

    const change = new UpdateExperimentTemplateCommand({ id, description: 'Another' });
    expect((await fis.client.send(change)).experimentTemplate).toMatchObject({
      description: 'Another',
      actions: made?.actions,
    });
    await fis.client.send(new DeleteExperimentTemplateCommand({ id }));
    await expect(fis.client.send(new GetExperimentTemplateCommand({ id }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('are made once for one client token', async () => {
    const clientToken = 'the-same';
    expect((await create({ clientToken }))?.id).toBe((await create({ clientToken }))?.id);
    await expect(create({ clientToken, description: 'other' })).rejects.toMatchObject({
      name: 'ConflictException',
      $metadata: { httpStatusCode: 409 },
    });
  });
});

describe('an experiment', () => {
  it('terminates what its target selects', async () => {
    const begun = await start();
    expect(begun).toMatchObject({
      id: expect.stringMatching(/^EXP\w{15}$/),
      state: { status: 'initiating' },
      actions: { terminate: { state: { status: 'pending' } } },
    });
    const ended = await fis.ended(begun?.id);
    expect(ended).toMatchObject({
      state: { status: 'completed' },
      actions: {
        terminate: { state: { status: 'completed' }, startTime: expect.any(Date), endTime: expect.any(Date) },
      },
    });
    const resolved = await fis.client.send(new ListExperimentResolvedTargetsCommand({ experimentId: begun?.id }));
    const terminated = fis.machines.instances().filter(({ state }) => state === 'terminated');
    expect(terminated).toMatchObject([{ group: 'on-demand' }]);
    expect(resolved.resolvedTargets).toEqual([
      { resourceType: 'aws:ec2:instance', targetName: 'nodes', targetInformation: { arn: terminated[0]?.arn } },
    ]);
    expect(fis.told.at(-1)).toBe(`experiment ${begun?.id}: completed`);
  });

  it('is begun once for one client token, and listed', async () => {
    const experimentTemplateId = (await create())?.id;
    const request = new StartExperimentCommand({ experimentTemplateId, clientToken: 'once', tags: { run: '1' } });
    const id = (await fis.client.send(request)).experiment?.id;
    expect((await fis.client.send(request)).experiment?.id).toBe(id);
    await expect(
      fis.client.send(new StartExperimentCommand({ experimentTemplateId, clientToken: 'once' })),
    ).rejects.toMatchObject({ name: 'ConflictException' });
    const listed = await fis.client.send(new ListExperimentsCommand({}));
    expect(listed.experiments).toMatchObject([{ id, experimentTemplateId, tags: { run: '1' } }]);
    await expect(
      fis.client.send(new StartExperimentCommand({ experimentTemplateId: 'EXTnone' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('takes a whole zone away and gives it back', async () => {
    const zone = 'local-1b';
    const inZone = { filters: [{ path: 'Placement.AvailabilityZone', values: [zone] }] };
    const begun = await start({
      targets: {
        nodes: { ...all('aws:ec2:instance'), ...inZone },
        subnets: { ...all('aws:ec2:subnet'), parameters: { availabilityZoneIdentifier: zone } },
        groups: all('aws:ec2:autoscaling-group'),
        databases: { ...all('aws:rds:cluster'), parameters: { writerAvailabilityZoneIdentifiers: zone } },
      },
      actions: {
        network: {
          actionId: 'aws:network:disrupt-connectivity',
          parameters: { scope: 'all', duration: 'PT2M' },
          targets: { Subnets: 'subnets' },
        },
        capacity: {
          actionId: 'aws:ec2:asg-insufficient-instance-capacity-error',
          parameters: { availabilityZoneIdentifiers: zone, duration: 'PT3M', percentage: '100' },
          targets: { AutoScalingGroups: 'groups' },
        },
        nodes: {
          actionId: 'aws:ec2:stop-instances',
          parameters: { startInstancesAfterDuration: 'PT3M' },
          targets: { Instances: 'nodes' },
        },
        database: { actionId: 'aws:rds:failover-db-cluster', targets: { Clusters: 'databases' } },
      },
      experimentOptions: { emptyTargetResolutionMode: 'skip' },
    });
    await vi.waitFor(() => expect(fis.machines.calls).toHaveLength(4));
    expect(fis.machines.calls).toEqual([
      'disconnect nodes-local-1b',
      'disconnect database-local-1b',
      'pause local-1b',
      'stop local-1b-1 local-1b-2',
    ]);
    expect((await fis.experiment(begun?.id)).actions).toMatchObject({
      network: { state: { status: 'running' } },
      database: { state: { status: 'skipped' } },
    });
    expect((await fis.ended(begun?.id)).state?.status).toBe('completed');
    expect(fis.machines.calls.slice(4).sort()).toEqual([
      'reconnect database-local-1b',
      'reconnect nodes-local-1b',
      'resume local-1b',
      'start local-1b-1 local-1b-2',
    ]);
  });

  it('fails a cluster over whose writer is in the zone', async () => {
    const parameters = { writerAvailabilityZoneIdentifiers: 'local-1a,local-1c' };
    const begun = await start({
      targets: { databases: { ...all('aws:rds:cluster'), parameters } },
      actions: { database: { actionId: 'aws:rds:failover-db-cluster', targets: { Clusters: 'databases' } } },
    });
    await vi.waitFor(async () =>
      expect((await fis.experiment(begun?.id)).actions?.database?.state?.status).toBe('running'),
    );
    expect((await fis.ended(begun?.id)).state?.status).toBe('completed');
  });

  it('interrupts spot instances after a notice', async () => {
    const begun = await start({
      targets: { spot: all('aws:ec2:spot-instance') },
      actions: {
        interrupt: {
          actionId: 'aws:ec2:send-spot-instance-interruptions',
          parameters: { durationBeforeInterruption: 'PT2M' },
          targets: { SpotInstances: 'spot' },
        },
      },
    });
    await fis.ended(begun?.id);
    expect(fis.machines.calls).toEqual(['interrupt in 120 local-1a-2 local-1b-2 local-1c-2']);
  });

  it('terminates a share of a node group', async () => {
    const begun = await start({
      targets: { groups: { ...all('aws:eks:nodegroup'), filters: [{ path: 'NodegroupName', values: ['spot'] }] } },
      actions: {
        lose: {
          actionId: 'aws:eks:terminate-nodegroup-instances',
          parameters: { instanceTerminationPercentage: '70' },
          targets: { Nodegroups: 'groups' },
        },
      },
    });
    expect((await fis.ended(begun?.id)).state?.status).toBe('completed');
    const lost = fis.machines.instances().filter(({ state }) => state === 'terminated');
    expect(lost.map(({ group }) => group)).toEqual(['spot', 'spot']);
  });

  it('keeps the order of its actions', async () => {
    const wait = (startAfter?: string[]) => ({
      actionId: 'aws:fis:wait',
      parameters: { duration: 'PT1M' },
      ...(startAfter && { startAfter }),
    });
    const begun = await start({
      targets: {},
      actions: { third: wait(['second']), second: wait(['first']), first: wait() },
    });
    const { actions } = await fis.ended(begun?.id);
    const at = (name: string, time: 'startTime' | 'endTime') => Number(actions?.[name]?.[time]);
    expect(at('second', 'startTime')).toBeGreaterThanOrEqual(at('first', 'endTime'));
    expect(at('third', 'startTime')).toBeGreaterThanOrEqual(at('second', 'endTime'));
    expect(at('first', 'endTime') - at('first', 'startTime')).toBeGreaterThanOrEqual(59);
  });

  it('undoes what it did before it has stopped', async () => {
    const begun = await start({
      targets: { subnets: { ...all('aws:ec2:subnet'), parameters: { availabilityZoneIdentifier: 'local-1a' } } },
      actions: {
        network: {
          actionId: 'aws:network:disrupt-connectivity',
          parameters: { scope: 'all', duration: 'PT12H' },
          targets: { Subnets: 'subnets' },
        },
        later: { actionId: 'aws:fis:wait', parameters: { duration: 'PT1M' }, startAfter: ['network'] },
      },
    });
    await vi.waitFor(() => expect(fis.machines.disconnected.size).toBe(2));
    const id = begun?.id;
    const stopping = await fis.client.send(new StopExperimentCommand({ id }));
    expect(stopping.experiment?.state?.status).toBe('stopping');
    const { state, actions } = await fis.ended(id);
    expect([state?.status, actions?.network?.state?.status, actions?.later?.state?.status]).toEqual([
      'stopped',
      'stopped',
      'cancelled',
    ]);
    expect(fis.machines.disconnected.size).toBe(0);
    await expect(fis.client.send(new StopExperimentCommand({ id }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('fails when a target means nothing, unless that is to be skipped', async () => {
    const targets = { nodes: { ...all('aws:ec2:instance'), resourceTags: { no: 'such tag' } } };
    const failed = await fis.ended((await start({ targets }))?.id);
    expect(failed.state).toMatchObject({ status: 'failed', reason: 'Target resolution returned empty set' });
    expect(failed.actions?.terminate?.state?.status).toBe('cancelled');
    const skipped = await fis.ended(
      (await start({ targets, experimentOptions: { emptyTargetResolutionMode: 'skip' } }))?.id,
    );
    expect([skipped.state?.status, skipped.actions?.terminate?.state?.status]).toEqual(['completed', 'skipped']);
    expect(fis.machines.calls).toEqual([]);
  });

  it('fails when an action does, and undoes the others', async () => {
    fis.machines.terminate = () => Promise.reject(new Error('no power switch'));
    const begun = await start({
      targets: {
        ...template().targets,
        subnets: { ...all('aws:ec2:subnet'), parameters: { availabilityZoneIdentifier: 'local-1a' } },
      },
      actions: {
        network: {
          actionId: 'aws:network:disrupt-connectivity',
          parameters: { scope: 'all', duration: 'PT1H' },
          targets: { Subnets: 'subnets' },
        },
        ...template().actions,
      },
    });
    const { state, actions } = await fis.ended(begun?.id);
    expect(state).toMatchObject({ status: 'failed', reason: 'Action terminate failed: no power switch' });
    expect([actions?.terminate?.state?.status, actions?.network?.state?.status]).toEqual(['failed', 'stopped']);
    expect(fis.machines.disconnected.size).toBe(0);
  });

  it('fails when a stopped instance was terminated meanwhile, unless that is said to be fine', async () => {
    const stop = (completeIfInstancesTerminated: string) => ({
      actions: {
        stop: {
          actionId: 'aws:ec2:stop-instances',
          parameters: { startInstancesAfterDuration: 'PT2M', completeIfInstancesTerminated },
          targets: { Instances: 'nodes' },
        },
      },
    });
    const terminateMeanwhile = async () => {
      const stopped = await vi.waitFor(() => {
        const found = fis.machines.instances().find(({ state }) => state === 'stopped');
        expect(found).toBeDefined();
        return found;
      });
      if (stopped) stopped.state = 'terminated';
    };
    const tolerant = await start(stop('true'));
    await terminateMeanwhile();
    expect((await fis.ended(tolerant?.id)).state?.status).toBe('completed');
    const strict = await start(stop('false'));
    await terminateMeanwhile();
    expect((await fis.ended(strict?.id)).state).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/cannot be started/),
    });
  });

  it('is refused beyond five active ones', async () => {
    const waiting = {
      targets: {},
      actions: { wait: { actionId: 'aws:fis:wait', parameters: { duration: 'PT12H' } } },
    };
    for (let count = 0; count < 5; count += 1) await start(waiting);
    await expect(start(waiting)).rejects.toMatchObject({
      name: 'ServiceQuotaExceededException',
      $metadata: { httpStatusCode: 402 },
    });
  });
});

describe('subnets that two experiments cut off', () => {
  it('are back when the last one has ended', async () => {
    const zone = { availabilityZoneIdentifier: 'local-1a' };
    const resourceTags = { 'tenfold:tier': 'nodes' };
    const cut = (duration: string) =>
      start({
        targets: { subnets: { ...all('aws:ec2:subnet'), resourceTags, parameters: zone } },
        actions: {
          network: {
            actionId: 'aws:network:disrupt-connectivity',
            parameters: { scope: 'all', duration },
            targets: { Subnets: 'subnets' },
          },
        },
      });
    const long = await cut('PT5M');
    const short = await cut('PT1M');
    await fis.ended(short?.id);
    expect(fis.machines.calls).toEqual(['disconnect nodes-local-1a']);
    await fis.ended(long?.id);
    expect(fis.machines.calls).toEqual(['disconnect nodes-local-1a', 'reconnect nodes-local-1a']);
  });
});

describe('what FIS offers', () => {
  it('lists actions and resource types, and describes each', async () => {
    const { actions } = await fis.client.send(new ListActionsCommand({}));
    expect(actions?.map(({ id }) => id)).toEqual([
      'aws:ec2:asg-insufficient-instance-capacity-error',
      'aws:ec2:send-spot-instance-interruptions',
      'aws:ec2:stop-instances',
      'aws:ec2:terminate-instances',
      'aws:eks:terminate-nodegroup-instances',
      'aws:fis:wait',
      'aws:network:disrupt-connectivity',
      'aws:rds:failover-db-cluster',
    ]);
    const { action } = await fis.client.send(new GetActionCommand({ id: 'aws:network:disrupt-connectivity' }));
    expect(action).toMatchObject({
      targets: { Subnets: { resourceType: 'aws:ec2:subnet' } },
      parameters: { scope: { required: true }, duration: { required: true } },
    });
    await expect(fis.client.send(new GetActionCommand({ id: 'aws:ec2:set-on-fire' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    const { targetResourceTypes } = await fis.client.send(new ListTargetResourceTypesCommand({}));
    expect(targetResourceTypes).toHaveLength(6);
    const { targetResourceType } = await fis.client.send(
      new GetTargetResourceTypeCommand({ resourceType: 'aws:rds:cluster' }),
    );
    expect(Object.keys(targetResourceType?.parameters ?? {})).toEqual(['writerAvailabilityZoneIdentifiers']);
  });

  it('tags templates and experiments', async () => {
    // This version of the SDK does not know that a template has an ARN.
    const id = (await create({ tags: { a: '1' } }))?.id;
    const resourceArn = `arn:aws:fis:local-1:000000000000:experiment-template/${id}`;
    await fis.client.send(new TagResourceCommand({ resourceArn, tags: { b: '2', c: '3' } }));
    await fis.client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a', 'c'] }));
    const listed = await fis.client.send(new ListTagsForResourceCommand({ resourceArn }));
    expect(listed.tags).toEqual({ b: '2' });
  });
});
