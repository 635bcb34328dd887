import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LiveNode } from '../src/model/facets.ts';
import type { FaultContext, Undo } from '../src/model/fault.ts';
import { waitFor } from '../src/runtime/clock.ts';
import { testMachines } from '../tests/support/test-machines.ts';
import { testPlatform } from '../tests/support/test-platform.ts';
import { byMachines as nodeLoss } from './node-loss/by-machines.ts';
import { byMachines as nodePartition } from './node-partition/by-machines.ts';
import { undoCommands } from './shared/undo-commands.ts';
import { byMachines as zoneOutage } from './zone-outage/by-machines.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenfold-machines-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const zones = ['a', 'b', 'c'];

/** A cluster of one or two nodes in each zone; while a node's file is there, its machine is off. */
function setUp({ nodesPerZone = 2, podsOn = ['node-b1', 'node-b1', 'node-a1'], labelled = true } = {}) {
  const names = zones.flatMap((zone) => Array.from({ length: nodesPerZone }, (_, index) => `node-${zone}${index + 1}`));
  const isOff = (node: string) => existsSync(join(folder, node));
  const nodes = (): LiveNode[] =>
    names.map((name) => ({
      name,
      id: name,
      zone: labelled ? name.charAt(5) : '',
      capacity: 'on-demand',
      ready: !isOff(name),
      ...(name === 'node-b1' && { hasDatabase: true }),
    }));
  const undos: { undo: Undo; isDone: boolean }[] = [];
  const context: FaultContext = {
    platform: testPlatform({
      cluster: {
        inventory: async () => ({
          nodes: nodes(),
          nodesWanted: names.length,
          pods: podsOn.map((node, index) => ({
            name: `pod-${index}`,
            node,
            zone: node.charAt(5),
            ready: !isOff(node),
            cpuRatio: null,
          })),
          podsWanted: 0,
          podsMax: null,
        }),
        podEnds: async () => [],
        events: async () => [],
      },
      database: {
        id: 'db',
        source: 'here',
        state: async () => ({ status: 'available', writer: 'db-2', readers: ['db-1', 'db-3'] }),
        instances: async () =>
          zones.map((zone, index) => ({ id: `db-${index + 1}`, zone: labelled ? zone : '', status: 'available' })),
        failOver: async () => {},
      },
      machines: testMachines(folder),
      machineLinks: testMachines(folder),
    }),
    target: 'kubernetes',
    runId: 'run-1',
    willChange(undo) {
      const entry = { undo, isDone: false };
      undos.push(entry);
      return () => {
        entry.isDone = true;
      };
    },
    signal: new AbortController().signal,
  };
  return { context, undos, offNodes: () => names.filter(isOff) };
}

test('the machine of the node with the most ready pods is switched off, and on again with the undo', async () => {
  const { context, undos, offNodes } = setUp();
  const way = nodeLoss('node-loss');
  expect(await way.check(context)).toEqual([]);
  expect(offNodes()).toEqual([]);
  const active = await way.inject(context);
  expect(offNodes()).toEqual(['node-b1']);
  expect(await active.prove(context.signal)).toMatchObject({ proof: 'node node-b1 is not ready' });
  expect(undos.map(({ isDone }) => isDone)).toEqual([false]);
  expect((await active.undo()).revertedAtMs).not.toBeNull();
  expect(offNodes()).toEqual([]);
  expect(undos.map(({ isDone }) => isDone)).toEqual([true]);
});

test('the machines of the writer’s zone go dark together, and boot again when the outage is over', async () => {
  const { context, offNodes } = setUp();
  const way = zoneOutage({ kind: 'zone-outage', zone: undefined, duration: 'PT8M' });
  const active = await way.inject({ ...context, timeScale: 160 });
  expect(offNodes()).toEqual(['node-b1', 'node-b2']);
  expect(await active.prove(context.signal)).toMatchObject({
    proof: 'node node-b1 is not ready, node node-b2 is not ready',
  });
  const allOn = () => offNodes().length === 0 || undefined;
  await waitFor('the machines to boot', allOn, { timeoutMs: 10_000, intervalMs: 10 });
  await active.undo();
});

test.each([
  ['node', ['node-b1']],
  ['zone', ['node-b1', 'node-b2']],
] as const)('a %s is cut off the network, and joined again when the partition is over', async (which, hit) => {
  const { context, undos, offNodes } = setUp();
  const way = nodePartition({ kind: 'node-partition', which, duration: 'PT8M' });
  expect(way.requires).toContain('machine-network');
  expect(await way.check(context)).toEqual([]);
  const active = await way.inject({ ...context, timeScale: 160 });
  expect(offNodes()).toEqual(hit);
  expect(await active.prove(context.signal)).toMatchObject({
    proof: hit.map((node) => `node ${node} is not ready`).join(', '),
  });
  const allOn = () => offNodes().length === 0 || undefined;
  await waitFor('the machines to be joined', allOn, { timeoutMs: 10_000, intervalMs: 10 });
  await active.undo();
  expect(undos.map(({ isDone }) => isDone)).toEqual(hit.map(() => true));
});

test.each([
  ['an outage', zoneOutage({ kind: 'zone-outage', zone: 'c', duration: 'PT8M' })],
  ['a partition', nodePartition({ kind: 'node-partition', which: 'zone', zone: 'c', duration: 'PT8M' })],
])('for %s of a zone that is named nothing has to be known of a database', async (_, way) => {
  const { context, offNodes } = setUp();
  delete context.platform.database;
  expect(way.requires).not.toContain('database-failover');
  const active = await way.inject({ ...context, timeScale: 160 });
  expect(offNodes()).toEqual(['node-c1', 'node-c2']);
  await active.undo();
  expect(offNodes()).toEqual([]);
});

test('a link that cannot be cut is told as such', async () => {
  const { context } = setUp();
  context.platform.machineLinks = { ...testMachines(folder), off: () => ({ argv: ['false'], timeoutMs: 5_000 }) };
  await expect(
    nodePartition({ kind: 'node-partition', which: 'node', duration: 'PT8M' }).inject(context),
  ).rejects.toThrow('node node-b1 could not be cut off the network: false ended with exit code 1');
});

test('what a dead drill switched off is switched on by what its journal holds', async () => {
  const { context, undos, offNodes } = setUp();
  await nodeLoss('node-loss').inject(context);
  expect(offNodes()).toHaveLength(1);
  for (const { undo } of undos) {
    expect(undo.expiresAtMs).toBeGreaterThan(Date.now());
    await undoCommands[undo.kind]?.(JSON.parse(JSON.stringify(undo)));
  }
  expect(offNodes()).toEqual([]);
});

test.each([
  ['no node runs a pod', nodeLoss('node-loss'), { podsOn: [] }, /no node runs a ready pod/],
  [
    'there is no such zone',
    zoneOutage({ kind: 'zone-outage', zone: 'd', duration: 'PT8M' }),
    {},
    /no node of d is ready/,
  ],
  [
    'the writer’s node has no label that says its zone',
    zoneOutage({ kind: 'zone-outage', zone: undefined, duration: 'PT8M' }),
    { labelled: false },
    /the database's writer is in no zone: set the label topology.kubernetes.io\/zone of node node-b1/,
  ],
])('a machine is not switched off where %s', async (_, way, options, message) => {
  const { context, undos, offNodes } = setUp(options);
  expect((await way.check(context)).join()).toMatch(message);
  await expect(way.inject(context)).rejects.toThrow(message);
  expect([offNodes(), undos]).toEqual([[], []]);
});

test('a command that fails is told with what it said, and what it may have done is taken back', async () => {
  const { context, undos } = setUp();
  context.platform.machines = {
    off: () => ({ argv: ['sh', '-c', 'echo no such machine; exit 3'], timeoutMs: 5_000 }),
    on: () => ({ argv: ['true'], timeoutMs: 5_000 }),
    cwd: folder,
    secrets: [],
  };
  await expect(nodeLoss('node-loss').inject(context)).rejects.toThrow(
    /node node-b1 could not be switched off: sh .* exit code 3 \(no such machine\)/,
  );
  expect(undos.map(({ isDone }) => isDone)).toEqual([true]);
});
