import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Capability } from '../src/model/capabilities.ts';
import type { ChaosMeshObject, LitmusRun, LivePod, Ordered } from '../src/model/facets.ts';
import type { FaultContext, Undo } from '../src/model/fault.ts';
import { pickWay } from '../src/plan/pick-way.ts';
import { type CrdSchema, refusedBy } from '../tests/support/crd-schema.ts';
import { testHands } from '../tests/support/test-hands.ts';
import { testPlatform } from '../tests/support/test-platform.ts';
import { byChaosMesh as containersByMesh, killContainers } from './container-kill/by-chaos-mesh.ts';
import { byLitmus as containersByLitmus, killContainer } from './container-kill/by-litmus.ts';
import { byChaosMesh as cpuByMesh, takeCpu } from './cpu-pressure/by-chaos-mesh.ts';
import { byLitmus as cpuByLitmus, hogCpu } from './cpu-pressure/by-litmus.ts';
import { cutOff, byChaosMesh as databaseByMesh } from './database-unreachable/by-chaos-mesh.ts';
import { byChaosMesh as memoryByMesh, takeMemory } from './memory-pressure/by-chaos-mesh.ts';
import { hogMemory, byLitmus as memoryByLitmus } from './memory-pressure/by-litmus.ts';
import { degrade, byChaosMesh as networkByMesh } from './network-degraded/by-chaos-mesh.ts';
import { degradeBy, byLitmus as networkByLitmus } from './network-degraded/by-litmus.ts';
import { killPods, byChaosMesh as podsByMesh } from './pod-kill/by-chaos-mesh.ts';
import { deletePods, byLitmus as podsByLitmus } from './pod-kill/by-litmus.ts';
import { podKill } from './pod-kill.ts';

const schemas = JSON.parse(
  readFileSync(new URL('../fixtures/chaos-mesh/specs.schema.json', import.meta.url), 'utf8'),
) as Record<ChaosMeshObject['kind'], CrdSchema>;

const names = ['web-1', 'web-2'];
const target = { namespace: 'shop', pods: names, containerNames: ['web'], lastsMs: 20_000 };
const litmusTarget = { pods: names, container: 'web', lastsMs: 20_000 };
const all = { delayMs: 100, jitterMs: 20, lossRatio: 0.07, bitsPerSecond: 1_000_000 };

test.each([
  ['killed pods', killPods('shop', ['web-1', 'web-2'])],
  ['killed containers', killContainers('shop', ['web-1'], ['web'])],
  ['a partition', cutOff({ namespace: 'shop', shop: ['web-1'], database: ['db-1'], lastsMs: 90_500 })],
  ['busy cores', takeCpu({ ...target, cores: 2 })],
  ['memory in use', takeMemory({ ...target, mebibytes: 100 })],
  ['a degraded network', degrade({ ...target, degradation: all })],
])('%s: the object is what the schema of its kind allows', (_, { kind, spec }) => {
  expect(refusedBy(spec, schemas[kind], 'spec')).toEqual([]);
  expect(refusedBy({ ...spec, mode: 'most' }, schemas[kind], 'spec')).toEqual(['spec.mode is "most"']);
  expect(refusedBy({ ...spec, lasts: '1s' }, schemas[kind], 'spec')).toEqual(['spec.lasts is not known']);
});

test('the ways by the API come first, and others are taken where they are asked for', () => {
  const fault = podKill({ pods: 1 });
  const there = new Set<Capability>(['kubernetes-api', 'node-inventory', 'chaos-mesh', 'litmus']);
  expect(fault.ways.map(({ name }) => name)).toEqual(['kubernetes', 'chaos-mesh', 'litmus']);
  expect(pickWay(fault, { capabilities: there }).name).toBe('kubernetes');
  expect(pickWay(fault, { capabilities: there }, 'litmus').name).toBe('litmus');
});

/** A shop of two pods, and tools that do what they are told where they are not `idle`, or refuse it. */
function setUp({ idle = false, refuses = false, ready = 2, outOfReach = null as string | null } = {}) {
  const log: string[] = [];
  const orders: (ChaosMeshObject | LitmusRun)[] = [];
  const undos: Undo[] = [];
  let isDone = false;
  const pods: LivePod[] = Array.from({ length: 2 }, (_, index) => ({
    name: `web-${index + 1}`,
    node: 'n',
    zone: 'a',
    ready: index < ready,
    cpuRatio: null,
  }));
  const order = async (given: ChaosMeshObject | LitmusRun): Promise<Ordered> => {
    orders.push(given);
    if (refuses) return { problems: ['the object was refused'] };
    return {
      change: {
        undo: { kind: 'object' },
        async make() {
          log.push('made');
          isDone = !idle;
        },
        takeBack: async () => void log.push('deleted'),
        async evidence() {
          return 'the tool says so';
        },
      },
    };
  };
  const context: FaultContext = {
    platform: testPlatform({
      cluster: {
        inventory: async () => ({ nodes: [], nodesWanted: 0, pods: isDone ? [] : pods, podsWanted: 0, podsMax: null }),
        podEnds: async () => [],
        events: async () => [],
      },
      kubernetes: testHands({
        restartsOf: () => (isDone ? 1 : 0),
        read: async (_, files) => filesOf(files, isDone),
        connectMs: async () => (isDone ? 105 : 2),
      }),
      network: {
        cutFromDatabase: async () => 'not by this way',
        databasePods: () => ['db-1'],
        whyOutOfReach: async () => (isDone ? 'timed out' : outOfReach),
      },
      chaosMesh: { namespace: 'shop', order },
      litmus: { order },
    }),
    target: 'attached',
    runId: 'run-1',
    willChange(undo) {
      undos.push(undo);
      log.push('journalled');
      return () => void log.push('done with');
    },
    signal: new AbortController().signal,
    timeScale: 12,
  };
  return { context, log, orders, undos };
}

const strike = { kind: 'strike', howMany: { share: 1 } };
const gone = /^pod web-1 is gone; pod web-2 is gone; the tool says so \(asked every 1 s\)$/;
const restarted =
  /^a container of pod web-1 was .*; a container of pod web-2 was .*; the tool says so \(asked every 1 s\)$/;
const lasting = { ...strike, lastsMs: 20_000 };
const cpu = { ...lasting, cores: 2 };
const memory = { ...lasting, share: 0.9 };
const late = { delayMs: 100, jitterMs: 20, lossRatio: 0.07 };
const busy =
  /^a program in pod web-1 has used 1.6 s of CPU time; a program in pod web-2 .*; the tool says so \(asked every 1 s\)$/;
const full =
  /^85 % of the memory of pod web-1 is in use; 85 % of the memory of pod web-2 is in use; the tool says so \(asked every 1 s\)$/;
const ways = [
  { what: 'pods by Chaos Mesh', way: podsByMesh(strike), order: killPods('shop', names), proof: gone },
  { what: 'pods by Litmus', way: podsByLitmus(strike), order: deletePods(names), proof: gone },
  {
    what: 'containers by Chaos Mesh',
    way: containersByMesh(strike),
    order: killContainers('shop', names, ['web']),
    proof: restarted,
  },
  {
    what: 'containers by Litmus',
    way: containersByLitmus(strike),
    order: killContainer(names, 'web'),
    proof: restarted,
  },
  {
    what: 'the database by Chaos Mesh',
    way: databaseByMesh('strike', 'PT4M'),
    // Four minutes on a clock that runs 12 times as fast.
    order: cutOff({ namespace: 'shop', shop: names, database: ['db-1'], lastsMs: 20_000 }),
    proof: /^pod web-1 cannot connect to the database \(timed out\); the tool says so \(asked every 1 s\)$/,
  },
  { what: 'CPU by Chaos Mesh', way: cpuByMesh(cpu), order: takeCpu({ ...target, cores: 2 }), proof: busy },
  { what: 'CPU by Litmus', way: cpuByLitmus(cpu), order: hogCpu(litmusTarget, 2), proof: busy },
  // 0.9 of 200 MiB, of which 80 are in use.
  {
    what: 'memory by Chaos Mesh',
    way: memoryByMesh(memory),
    order: takeMemory({ ...target, mebibytes: 100 }),
    proof: full,
  },
  { what: 'memory by Litmus', way: memoryByLitmus(memory), order: hogMemory(litmusTarget, 100), proof: full },
  {
    what: 'the network by Chaos Mesh',
    way: networkByMesh({ ...lasting, degradation: late }),
    order: degrade({ ...target, degradation: late }),
    proof:
      /^in pod web-1 a connection took 105 ms, 10 of 200 segments were sent again; in pod web-2 .*; the tool says so \(asked every 1 s\)$/,
  },
  {
    what: 'the network by Litmus',
    way: networkByLitmus({ ...lasting, degradation: { delayMs: 100, jitterMs: 20 } }),
    order: degradeBy(litmusTarget, { delayMs: 100, jitterMs: 20 }),
    proof: /^in pod web-1 a connection took 105 ms; in pod web-2 .*; the tool says so \(asked every 1 s\)$/,
  },
];

/** What the kernel says in a pod, before and while something is done to it. */
function filesOf(asked: readonly string[], isDone: boolean): Record<string, string> {
  const files: Record<string, string> = {
    '/proc/1/stat': '1 (node (x) y) S 0 1 1 0 -1 4194560 1 2 3 4 900 90 0 0 20',
    ...(isDone && { '/proc/7/stat': '7 (stress-ng-cpu) R 1 1 1 0 -1 4194560 1 2 3 4 150 10 0 0 20' }),
    '/sys/fs/cgroup/memory.current': String((isDone ? 190 : 100) * 1024 ** 2),
    '/sys/fs/cgroup/memory.max': String(200 * 1024 ** 2),
    '/sys/fs/cgroup/memory.stat': `anon 5\ninactive_file ${20 * 1024 ** 2}\n`,
    '/proc/net/snmp': `Tcp: InSegs OutSegs RetransSegs\nTcp: 9 ${isDone ? 1200 : 1000} ${isDone ? 12 : 2}\n`,
    '/proc/net/dev': 'Inter-|\n face |\n    lo: 9 9 0 0 0 0 0 0 9 9\n  eth0: 5 5 0 0 0 0 0 0 7 7\n',
  };
  const isAsked = (file: string) =>
    asked.some((one) => one === file || one.replace('[0-9]*', file.split('/')[2] ?? '') === file);
  return Object.fromEntries(Object.entries(files).filter(([file]) => isAsked(file)));
}

test.each(ways)(
  '$what: journalled before the object is made, proven twice, and deleted',
  async ({ way, order, proof }) => {
    const { context, log, orders, undos } = setUp();
    expect(await way.check(context)).toEqual([]);
    expect(log).toEqual([]);
    const active = await way.inject(context);
    expect(log).toEqual(['journalled', 'made']);
    expect(undos).toEqual([{ kind: 'object', expiresAtMs: expect.any(Number) }]);
    expect(orders.at(-1)).toEqual(order);
    expect((await active.prove(context.signal)).proof).toMatch(proof);
    await active.undo();
    expect(log.slice(2)).toEqual(['deleted', 'done with']);
  },
);

test.each(ways)('$what: the word of the tool proves nothing where the platform does not show it', async ({ way }) => {
  const { context } = setUp({ idle: true });
  const active = await way.inject(context);
  await expect(active.prove(AbortSignal.timeout(300))).rejects.toThrow();
});

test.each(ways)('$what: what the dry run refuses is told before the load', async ({ way }) => {
  const { context } = setUp({ refuses: true });
  expect(await way.check(context)).toEqual(['strike cannot be done: the object was refused']);
});

test.each(ways)('$what: nothing is ordered where there is no target', async ({ way }) => {
  const { context, orders } = setUp({ ready: 0 });
  expect(await way.check(context)).toEqual([expect.stringMatching(/^strike finds no target/)]);
  expect(orders).toEqual([]);
});

test('a database that is out of reach already proves nothing', async () => {
  const { context } = setUp({ outOfReach: 'refused' });
  expect(await databaseByMesh('strike', 'PT4M').check(context)).toEqual([
    'strike finds no target: the database is out of reach already (refused)',
  ]);
});

test('each experiment of Litmus degrades a network in one way', () => {
  expect(degradeBy(litmusTarget, { lossRatio: 0.07 })).toMatchObject({
    experiment: 'pod-network-loss',
    variables: { NETWORK_PACKET_LOSS_PERCENTAGE: '7', TARGET_PODS: 'web-1,web-2', TOTAL_CHAOS_DURATION: '20' },
  });
  expect(degradeBy(litmusTarget, { bitsPerSecond: 1_000_000 })).toMatchObject({
    experiment: 'pod-network-rate-limit',
    variables: { NETWORK_BANDWIDTH: '1000000bit' },
  });
  expect(degradeBy(litmusTarget, all)).toMatch(/choose one of them/);
});
