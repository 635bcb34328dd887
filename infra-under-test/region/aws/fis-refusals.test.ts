import { CreateExperimentTemplateCommand } from '@aws-sdk/client-fis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { call, startTestFis, type TestFis, template } from './test/fis.ts';

let fis: TestFis;
beforeAll(async () => {
  fis = await startTestFis();
});
afterAll(() => fis[Symbol.asyncDispose]());

type Changes = NonNullable<Parameters<typeof template>[0]>;

const refused = async (changes: Changes, message: string | RegExp, name = 'ValidationException') => {
  const status = { ValidationException: 400, ServiceQuotaExceededException: 402 }[name];
  await expect(fis.client.send(new CreateExperimentTemplateCommand(template(changes)))).rejects.toMatchObject({
    name,
    $metadata: { httpStatusCode: status },
    message: expect.stringMatching(message),
  });
};

const nodes = { resourceType: 'aws:ec2:instance', resourceTags: { a: 'b' }, selectionMode: 'ALL' };
const terminate = { actionId: 'aws:ec2:terminate-instances', targets: { Instances: 'nodes' } };
const wait = (duration?: string) => ({
  actionId: 'aws:fis:wait',
  ...(duration !== undefined && { parameters: { duration } }),
});

describe('a template is refused', () => {
  it('without its members, with all that is missing', async () => {
    const answer = await call(fis, 'POST', '/experimentTemplates', { clientToken: 'x', description: 'x', actions: {} });
    expect(answer).toMatchObject({
      status: 400,
      headers: { 'x-amzn-errortype': 'ValidationException' },
      message:
        "2 validation errors detected: Value null at 'stopConditions' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'roleArn' failed to satisfy constraint: Member must not be null",
    });
  });

  it('with members in another shape', async () => {
    const { clientToken: _, ...rest } = template();
    const create = (changes: object) =>
      call(fis, 'POST', '/experimentTemplates', { ...rest, clientToken: 'x', ...changes });
    expect(await create({ description: 7 })).toMatchObject({
      message: expect.stringMatching(/at 'description'.*must be of type string/),
    });
    expect(await create({ description: 'x'.repeat(513) })).toMatchObject({
      message: expect.stringMatching(/less than or equal to 512/),
    });
    expect(await create({ roleArn: 'short' })).toMatchObject({
      message: expect.stringMatching(/greater than or equal to 20/),
    });
    expect(await create({ experimentOptions: { emptyTargetResolutionMode: 'ignore' } })).toMatchObject({
      message: expect.stringMatching(/enum value set: \[fail, skip\]/),
    });
    expect(await create({ clientToken: 'a b' })).toMatchObject({
      message: expect.stringMatching(/'a b' at 'clientToken'.*expression pattern: \\S\+$/),
    });
    expect(await create({ actoins: {} })).toMatchObject({ message: expect.stringMatching(/must not have: actoins/) });
    expect(await create({ tags: { 'aws:mine': 'x' } })).toMatchObject({
      message: expect.stringMatching(/must not start with aws:/),
    });
  });

  it('with an action that does not exist or lacks something', async () => {
    await refused({ actions: {} }, 'must have an action');
    await refused({ actions: { x: { actionId: 'aws:ec2:set-on-fire' } } }, 'Unknown action ID "aws:ec2:set-on-fire"');
    await refused(
      { actions: { x: { actionId: terminate.actionId } } },
      'Missing required target "Instances" in action "x"',
    );
    await refused(
      { actions: { x: { ...terminate, targets: { SpotInstances: 'nodes' } } } },
      'Unexpected target "SpotInstances" found in action "x"',
    );
    await refused(
      { actions: { x: { ...terminate, targets: { Instances: 'nobody' } } } },
      'Target "nobody" .* is not in',
    );
    await refused(
      { actions: { x: { ...terminate, parameters: { force: 'true' } } } },
      'Unexpected parameter "force" found in action "x"',
    );
  });

  it('with a target of another kind, or one that selects nothing or by two ways', async () => {
    const with_ = (target: object) => ({ targets: { nodes: { ...nodes, ...target } }, actions: { x: terminate } });
    await refused(with_({ resourceType: 'aws:ec2:spot-instance' }), 'has the resource type aws:ec2:spot-instance, not');
    await refused(with_({ resourceType: 'aws:ec2:toaster' }), 'Unknown resource type');
    for (const selectionMode of ['SOME', 'COUNT(0)', 'PERCENT(101)', 'COUNT(1.5)', 'all'])
      await refused(with_({ selectionMode }), 'Invalid selection mode');
    await refused(with_({ resourceTags: {} }), 'must have resource ARNs, resource tags, filters or parameters');
    const arn = 'arn:aws:ec2:local-1:000000000000:instance/i-0123456789abcdef0';
    await refused(with_({ resourceArns: [arn] }), 'must not have resource ARNs together with');
    await refused(with_({ resourceTags: {}, resourceArns: [arn.replace('instance/i', 'subnet/i')] }), 'Invalid ARN');
    await refused(with_({ resourceTags: {}, resourceArns: Array(6).fill(arn) }), 'less than or equal to 5');
    await refused(with_({ parameters: { zone: 'local-1a' } }), 'Unexpected parameter "zone" found in target "nodes"');
  });

  it('with a parameter that is missing, no duration, or out of range', async () => {
    const targets = {};
    await refused({ targets, actions: { x: wait() } }, 'Missing required parameter "duration" in action "x"');
    for (const duration of ['5m', 'PT', 'P', 'PT1.5M', 'P1Y', '60'])
      await refused({ targets, actions: { x: wait(duration) } }, 'format of ISO 8601');
    for (const duration of ['PT59S', 'PT12H1S', 'P1D'])
      await refused({ targets, actions: { x: wait(duration) } }, 'between PT1M and PT720M');

    const spot = (durationBeforeInterruption: string) => ({
      targets: { spot: { ...nodes, resourceType: 'aws:ec2:spot-instance' } },
      actions: {
        x: {
          actionId: 'aws:ec2:send-spot-instance-interruptions',
          parameters: { durationBeforeInterruption },
          targets: { SpotInstances: 'spot' },
        },
      },
    });
    await refused(spot('PT1M'), 'between PT2M and PT15M');
    await refused(spot('PT16M'), 'between PT2M and PT15M');
  });

  it('for what this region cannot do, with the reason', async () => {
    const subnets = { ...nodes, resourceType: 'aws:ec2:subnet' };
    const disrupt = (scope: string) => ({
      targets: { subnets },
      actions: {
        x: {
          actionId: 'aws:network:disrupt-connectivity',
          parameters: { scope, duration: 'PT2M' },
          targets: { Subnets: 'subnets' },
        },
      },
    });
    await refused(disrupt('s3'), 'can deny no other traffic');
    await refused(disrupt('everything'), 'must be one of all, availability-zone');
    const capacity = (parameters: Record<string, string>) => ({
      targets: { groups: { ...nodes, resourceType: 'aws:ec2:autoscaling-group' } },
      actions: {
        x: {
          actionId: 'aws:ec2:asg-insufficient-instance-capacity-error',
          parameters: { duration: 'PT2M', ...parameters },
          targets: { AutoScalingGroups: 'groups' },
        },
      },
    });
    await refused(
      capacity({ availabilityZoneIdentifiers: 'eu-west-1a' }),
      'no Availability Zone of local-1: eu-west-1a',
    );
    await refused(capacity({ availabilityZoneIdentifiers: 'local-1a', percentage: '50' }), 'must be 100');
    const alarm = 'arn:aws:cloudwatch:local-1:000000000000:alarm:latency';
    await refused({ stopConditions: [{ source: 'aws:cloudwatch:alarm', value: alarm }] }, 'has no CloudWatch');
    await refused({ stopConditions: [] }, 'must have a stop condition');
    await refused({ stopConditions: [{ source: 'none', value: alarm }] }, 'must not have a value');
    await refused({ experimentOptions: { accountTargeting: 'multi-account' } }, 'has one account');
    await refused({ logConfiguration: { logSchemaVersion: 2 } }, 'no CloudWatch Logs');
    await refused({ roleArn: 'arn:aws:iam::000000000000:user/someone' }, 'The role ARN .* is invalid');
  });

  it('when its actions can never start, or are too many', async () => {
    const after = (...startAfter: string[]) => ({ ...wait('PT1M'), startAfter });
    const targets = {};
    await refused({ targets, actions: { a: after('b'), b: after('a') } }, 'Actions wait for each other: a, b');
    await refused({ targets, actions: { a: after('nobody') } }, 'starts after "nobody", which is not in');
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, wait('PT1M')]));
    await refused({ targets, actions: many(21) }, '20 actions at most', 'ServiceQuotaExceededException');
    await refused({ targets, actions: many(11) }, '10 actions in parallel', 'ServiceQuotaExceededException');
    const stopConditions = Array(6).fill({ source: 'none' });
    await refused({ stopConditions }, '5 stop conditions', 'ServiceQuotaExceededException');
  });
});

describe('a dry run', () => {
  it('resolves the targets and skips the actions', async () => {
    const { experimentTemplate } = await fis.client.send(new CreateExperimentTemplateCommand(template()));
    const answer = await call(fis, 'POST', '/experiments', {
      clientToken: 'dry',
      experimentTemplateId: experimentTemplate?.id,
      experimentOptions: { actionsMode: 'skip-all' },
    });
    const { id, experimentOptions } = answer.experiment as { id: string; experimentOptions: object };
    expect(experimentOptions).toMatchObject({ actionsMode: 'skip-all' });
    const ended = await fis.ended(id);
    expect([ended.state?.status, ended.actions?.terminate?.state?.status]).toEqual(['completed', 'skipped']);
    expect((await call(fis, 'GET', `/experiments/${id}/resolvedTargets`)).resolvedTargets).toHaveLength(1);
    expect(fis.machines.calls).toEqual([]);
  });
});

describe('the safety lever', () => {
  it('stops what runs and cancels what would begin', async () => {
    const changes = { targets: {}, actions: { x: wait('PT12H') } };
    const made = await fis.client.send(new CreateExperimentTemplateCommand(template(changes)));
    const start = async () => {
      const body = { clientToken: crypto.randomUUID(), experimentTemplateId: made.experimentTemplate?.id };
      return (await call(fis, 'POST', '/experiments', body)).experiment as { id: string; state: { status: string } };
    };
    const running = await start();
    const lever = async () => (await call(fis, 'GET', '/safetyLevers/default')).safetyLever;
    expect(await lever()).toMatchObject({ id: 'default', state: { status: 'disengaged' } });
    const engaged = await call(fis, 'PATCH', '/safetyLevers/default/state', {
      state: { status: 'engaged', reason: 'a real incident' },
    });
    expect(engaged.safetyLever).toMatchObject({ state: { status: 'engaging', reason: 'a real incident' } });
    expect((await fis.ended(running.id)).state?.status).toBe('stopped');
    await vi.waitFor(async () => expect(await lever()).toMatchObject({ state: { status: 'engaged' } }));
    expect((await start()).state.status).toBe('cancelled');
    await call(fis, 'PATCH', '/safetyLevers/default/state', { state: { status: 'disengaged', reason: 'over' } });
    expect((await start()).state.status).toBe('initiating');
    expect(await call(fis, 'GET', '/safetyLevers/another')).toMatchObject({ status: 404 });
    expect(
      await call(fis, 'PATCH', '/safetyLevers/default/state', { state: { status: 'engaging', reason: 'x' } }),
    ).toMatchObject({ status: 400, message: expect.stringMatching(/enum value set: \[engaged, disengaged\]/) });
  });
});

describe('the FIS endpoint', () => {
  it('refuses what it does not know', async () => {
    expect(await call(fis, 'GET', '/experimentTemplates/EXT1/targetAccountConfigurations')).toMatchObject({
      status: 404,
      headers: { 'x-amzn-errortype': 'UnknownOperationException' },
    });
    expect(await call(fis, 'DELETE', '/experiments/EXPnone')).toMatchObject({
      status: 404,
      headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
    });
    expect(await call(fis, 'GET', '/tags/arn%3Aaws%3Afis%3Alocal-1%3A000000000000%3Aexperiment%2FEXPx')).toMatchObject({
      status: 404,
    });
  });
});
