import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { scaled } from '../constants.ts';
import type { SubnetTier } from '../machines.ts';
import { Fleet, type FleetOptions } from './fleet.ts';
import type { NodePlace } from './nodes.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const bootMs = scaled.nodeBoot.ms;

/** A fleet of an on-demand and a spot node in each of two zones, which records what was done to its processes. */
async function startFleet(options: Partial<FleetOptions> = {}) {
  const done: string[] = [];
  const exits = new Map<string, (how: string) => void>();
  const tell = (what: string) => async (zone: string) => void done.push(`${what} the database in ${zone}`);
  const fleet = new Fleet({
    topology: {
      zones: ['a', 'b'],
      nodeGroups: [
        { name: 'on-demand', capacity: 'on-demand', nodesPerZone: 1 },
        { name: 'spot', capacity: 'spot', nodesPerZone: 1 },
      ],
    },
    powerOn: async ({ name }: NodePlace) => {
      done.push(`on ${name}`);
      const { promise: exited, resolve } = Promise.withResolvers<string>();
      exits.set(name, resolve);
      return {
        exited,
        powerOff: async () => {
          done.push(`off ${name}`);
          resolve('signal SIGKILL');
        },
        freeze: () => done.push(`freeze ${name}`),
        thaw: () => done.push(`thaw ${name}`),
      };
    },
    controller: {
      attribute: () => {},
      removeNode: (node, because) => done.push(`remove ${node}: ${because}`),
      drain: (node, because) => done.push(`drain ${node}: ${because}`),
    },
    database: { disconnect: tell('freeze'), reconnect: tell('thaw') },
    event: () => {},
    replaces: true,
    drainsOnNotice: true,
    ...options,
  });
  await fleet.open();
  done.length = 0;
  /** What was done since the last call. */
  const since = () => done.splice(0);
  const instanceOf = (node: string) => fleet.instances().find((instance) => instance.node === node);
  const idOf = (node: string) => instanceOf(node)?.instanceId ?? '';
  const subnetOf = (tier: SubnetTier) => (zone: string) =>
    fleet.subnets().find((subnet) => subnet.zone === zone && subnet.tier === tier)?.subnetId ?? '';
  const subnets = { nodesOf: subnetOf('nodes'), databaseOf: subnetOf('database') };
  const states = () => Object.fromEntries(fleet.instances().map(({ node, state }) => [node, state]));
  const exit = (node: string) => exits.get(node)?.('signal SIGABRT');
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  return { fleet, since, idOf, instanceOf, ...subnets, states, exit, pass };
}

test('has an instance a node, with names, ARNs and tags as EC2 gives them', async () => {
  const { fleet, instanceOf } = await startFleet();
  expect(fleet.instances().map(({ node }) => node)).toEqual(['a-1', 'a-2', 'b-1', 'b-2']);
  const instance = instanceOf('b-2');
  const [, subnet] = fleet.subnets();
  expect(instance).toEqual({
    instanceId: expect.stringMatching(/^i-[0-9a-f]{17}$/),
    arn: `arn:aws:ec2:local-1:000000000000:instance/${instance?.instanceId}`,
    node: 'b-2',
    zone: 'b',
    subnetId: subnet?.subnetId,
    group: 'spot',
    capacity: 'spot',
    state: 'running',
    tags: { Name: 'b-2', 'tenfold:shop': 'storefront', 'eks:nodegroup-name': 'spot' },
  });
  expect(subnet).toMatchObject({ zone: 'b', arn: expect.stringMatching(/:subnet\/subnet-[0-9a-f]{17}$/) });
  expect(fleet.groups().map(({ arn }) => arn)).toEqual([
    expect.stringMatching(
      /^arn:aws:autoscaling:local-1:000000000000:autoScalingGroup:[0-9a-f-]{36}:autoScalingGroupName\/on-demand$/,
    ),
    expect.stringMatching(/autoScalingGroupName\/spot$/),
  ]);
});

describe('an instance that is terminated', () => {
  test('is off at once, is replaced once another one booted, and its node is gone soon', async () => {
    const { fleet, since, idOf, states, pass } = await startFleet();
    const id = idOf('a-1');
    await fleet.terminate([id], 'an experiment');
    expect(since()).toEqual(['off a-1']);
    expect(states()).toMatchObject({ 'a-1': 'terminated', 'a-3': 'pending' });
    await pass(bootMs);
    expect(since()).toEqual(['on a-3']);
    await pass(scaled.terminatedNodeGone.ms - bootMs);
    expect(since()).toEqual([`remove a-1: ${id} terminated (an experiment)`]);
    expect(states()).toMatchObject({ 'a-1': 'terminated', 'a-3': 'running' });
    await pass(scaled.instanceForgotten.ms);
    expect(Object.keys(states())).toEqual(['a-2', 'b-1', 'b-2', 'a-3']);
  });

  test('boots one after another with those that boot at the same time', async () => {
    const { fleet, since, idOf, pass } = await startFleet();
    await fleet.terminate([idOf('a-1'), idOf('b-1'), idOf('b-2')], 'an experiment');
    since();
    await pass(bootMs);
    expect(since()).toEqual(['on a-3']);
    await pass(scaled.nodeBootSpread.ms);
    expect(since().filter((what) => what.startsWith('on'))).toEqual(['on b-3']);
    await pass(scaled.nodeBootSpread.ms);
    expect(since().filter((what) => what.startsWith('on'))).toEqual(['on b-4']);
  });

  test('is not replaced where node replacement is off', async () => {
    const { fleet, idOf, states, pass } = await startFleet({ replaces: false });
    await fleet.terminate([idOf('a-1')], 'an experiment');
    await pass(60_000);
    expect(Object.keys(states())).toHaveLength(4);
  });

  test('is not replaced while its zone has no capacity', async () => {
    const { fleet, idOf, states, pass } = await startFleet();
    fleet.pauseLaunches(['a']);
    await fleet.terminate([idOf('a-1'), idOf('b-1')], 'an experiment');
    await pass(bootMs);
    expect(states()).toMatchObject({ 'b-3': 'running' });
    expect(Object.keys(states())).not.toContain('a-3');
    fleet.resumeLaunches(['a']);
    await pass(bootMs);
    expect(states()).toMatchObject({ 'a-3': 'running' });
  });

  test('is what becomes of one whose processes end though nobody asked them to', async () => {
    const { exit, states, pass } = await startFleet();
    exit('b-1');
    await pass(bootMs);
    expect(states()).toMatchObject({ 'b-1': 'terminated', 'b-3': 'running' });
  });
});

describe('an instance that is stopped', () => {
  test('boots again when it is started', async () => {
    const { fleet, since, idOf, states, pass } = await startFleet();
    await fleet.stop([idOf('a-1')], 'an experiment');
    expect(states()).toMatchObject({ 'a-1': 'stopped' });
    await fleet.start([idOf('a-1')]);
    expect(states()).toMatchObject({ 'a-1': 'pending' });
    await pass(bootMs);
    expect(since()).toEqual(['off a-1', 'on a-1']);
    await pass(60_000);
    expect(states()).toMatchObject({ 'a-1': 'running' });
    expect(Object.keys(states())).toHaveLength(4);
  });

  test('is replaced by its node group when it stays stopped', async () => {
    const { fleet, idOf, states, pass } = await startFleet();
    await fleet.stop([idOf('a-1')], 'an experiment');
    await pass(scaled.stoppedInstanceReplaced.ms + bootMs);
    expect(states()).toMatchObject({ 'a-1': 'terminated', 'a-3': 'running' });
  });

  test('is left alone while its zone has no capacity, and a while after', async () => {
    const { fleet, idOf, states, pass } = await startFleet();
    fleet.pauseLaunches(['a']);
    await fleet.stop([idOf('a-1')], 'an experiment');
    await pass(60_000);
    fleet.resumeLaunches(['a']);
    expect(states()).toMatchObject({ 'a-1': 'stopped' });
    await fleet.start([idOf('a-1')]);
    await pass(60_000);
    expect(states()).toMatchObject({ 'a-1': 'running' });
    expect(Object.keys(states())).toHaveLength(4);
  });
});

describe('a spot interruption', () => {
  test('is told, drains the node, and terminates the instance when the notice has run out', async () => {
    const { fleet, since, idOf, states, pass } = await startFleet();
    const id = idOf('a-2');
    await fleet.interruptSpot([id], 10_000);
    expect(since()).toEqual([`drain a-2: spot interruption of ${id}`]);
    await pass(9_999);
    expect(states()).toMatchObject({ 'a-2': 'running' });
    await pass(1);
    expect(since()).toEqual(['off a-2']);
    await pass(bootMs);
    expect(states()).toMatchObject({ 'a-2': 'terminated', 'a-3': 'running' });
  });

  test('drains nothing where that is off', async () => {
    const { fleet, since, idOf, pass } = await startFleet({ drainsOnNotice: false });
    await fleet.interruptSpot([idOf('a-2')], 10_000);
    await pass(10_000);
    expect(since()).toEqual(['off a-2']);
  });

  test('does not happen to an on-demand instance', async () => {
    const { fleet, idOf, states, pass } = await startFleet();
    await fleet.interruptSpot([idOf('a-1')], 10_000);
    await pass(10_000);
    expect(states()).toMatchObject({ 'a-1': 'running' });
  });
});

describe('a subnet that is cut off', () => {
  test('is frozen with all its nodes until it is connected again', async () => {
    const { fleet, since, nodesOf } = await startFleet();
    await fleet.disconnect(nodesOf('a'));
    expect(since()).toEqual(['freeze a-1', 'freeze a-2']);
    await fleet.reconnect(nodesOf('a'));
    expect(since()).toEqual(['thaw a-1', 'thaw a-2']);
  });

  test('is frozen with its database, and the nodes of its zone are not', async () => {
    const { fleet, since, databaseOf } = await startFleet();
    await fleet.disconnect(databaseOf('a'));
    expect(since()).toEqual(['freeze the database in a']);
    await fleet.reconnect(databaseOf('a'));
    expect(since()).toEqual(['thaw the database in a']);
  });

  test('lets nobody notice that its instances lost their power, before it is connected again', async () => {
    const { fleet, since, idOf, states, nodesOf } = await startFleet({ replaces: false });
    await fleet.disconnect(nodesOf('a'));
    since();
    await fleet.stop([idOf('a-1')], 'power');
    await fleet.terminate([idOf('a-2')], 'power');
    expect(states()).toMatchObject({ 'a-1': 'stopped', 'a-2': 'terminated' });
    expect(since()).toEqual([]);
    await fleet.reconnect(nodesOf('a'));
    expect(since()).toEqual(['off a-1', 'off a-2']);
  });

  test('never gets processes back that lost their power, though their instance was started', async () => {
    const { fleet, since, idOf, pass, nodesOf } = await startFleet();
    await fleet.disconnect(nodesOf('a'));
    await fleet.stop([idOf('a-1')], 'power');
    await fleet.start([idOf('a-1')]);
    await pass(bootMs);
    since();
    await fleet.reconnect(nodesOf('a'));
    expect(since()).toEqual(['off a-1', 'on a-1', 'thaw a-2']);
  });
});

test('plans nothing any more once it is closed', async () => {
  const { fleet, since, idOf, exit, pass } = await startFleet();
  await fleet.interruptSpot([idOf('a-2')], 10_000);
  await fleet.terminate([idOf('a-1')], 'an experiment');
  since();
  fleet.close();
  exit('b-1');
  await pass(60_000);
  expect(since()).toEqual([]);
});
