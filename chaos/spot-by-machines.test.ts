import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LiveNode, Machines } from '../src/model/facets.ts';
import type { FaultContext } from '../src/model/fault.ts';
import { waitFor } from '../src/runtime/clock.ts';
import { testHands } from '../tests/support/test-hands.ts';
import { testMachines } from '../tests/support/test-machines.ts';
import { testPlatform } from '../tests/support/test-platform.ts';
import { byMachines } from './spot-interruption/by-machines.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenfold-spot-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Two spot nodes and two others; the busier spot node runs two pods. `refusals`: so often a disruption budget says no. */
function setUp({ refusals = 0, drainsOnNotice = true } = {}) {
  const log: string[] = [];
  const cordoned = new Set<string>();
  const pods = new Map([
    ['pod-1', 'spot-2'],
    ['pod-2', 'spot-2'],
    ['pod-3', 'spot-1'],
    ['pod-4', 'other-1'],
  ]);
  const isOff = (name: string) => existsSync(join(folder, name));
  const nodes = (): LiveNode[] =>
    ['spot-1', 'spot-2', 'other-1', 'other-2'].map((name) => ({
      name,
      id: name,
      zone: 'a',
      capacity: name.startsWith('spot') ? 'spot' : 'on-demand',
      ready: !isOff(name),
    }));
  let refused = 0;
  const context: FaultContext = {
    platform: testPlatform({
      cluster: {
        inventory: async () => ({
          nodes: nodes(),
          nodesWanted: 4,
          pods: [...pods].map(([name, node]) => ({ name, node, zone: 'a', ready: true, cpuRatio: null })),
          podsWanted: 0,
          podsMax: null,
        }),
        podEnds: async () => [],
        events: async () => [],
      },
      kubernetes: testHands({
        drainsOnNotice,
        podsOn: (node) => [...pods].filter(([, on]) => on === node).map(([name]) => name),
        isCordoned: (node) => cordoned.has(node),
        cordon: async (node) => void cordoned.add(node),
        uncordon: async (node) => void cordoned.delete(node),
        async evict(pod) {
          if (refused++ < refusals) return { evicted: false, retryAfterMs: 20, because: 'the budget allows no more' };
          log.push(`${pod} evicted`);
          pods.delete(pod);
          return { evicted: true };
        },
      }),
      machines: testMachines(folder),
    }),
    target: 'kubernetes',
    runId: 'run-1',
    willChange(undo) {
      log.push(`${undo.kind} journalled`);
      return () => void log.push(`${undo.kind} undone`);
    },
    signal: new AbortController().signal,
    timeScale: 600,
  };
  return { context, log, cordoned, pods, isOff };
}

const interruption = { kind: 'spot-interruption', nodes: 'one', notice: 'PT2M' } as const;

test('a spot node is cordoned and drained at its notice, and its machine is off when that is over', async () => {
  const { context, log, cordoned, isOff } = setUp({ refusals: 2 });
  const active = await byMachines(interruption).inject({ ...context, timeScale: 60 });
  expect([...cordoned]).toEqual(['spot-2']);
  expect(await active.prove(context.signal)).toMatchObject({
    proof: 'node spot-2 was given notice: it takes no pods any more',
  });
  expect(isOff('spot-2')).toBe(false);
  await waitFor('the machine to be off', () => isOff('spot-2') || undefined, { timeoutMs: 5_000, intervalMs: 10 });
  expect(log).toEqual(['uncordon journalled', 'pod-1 evicted', 'pod-2 evicted', 'command journalled']);
  await active.undo();
  expect([isOff('spot-2'), [...cordoned]]).toEqual([false, []]);
  expect(log.slice(-2)).toEqual(['command undone', 'uncordon undone']);
});

test('a disruption budget that never allows it does not keep the machine on', async () => {
  const { context, pods, isOff } = setUp({ refusals: Number.POSITIVE_INFINITY });
  const active = await byMachines(interruption).inject(context);
  await waitFor('the machine to be off', () => isOff('spot-2') || undefined, { timeoutMs: 5_000, intervalMs: 10 });
  expect(pods.get('pod-1')).toBe('spot-2');
  await active.undo();
});

test('where nobody drains, the pods go with the machine', async () => {
  const { context, pods, isOff } = setUp({ drainsOnNotice: false });
  const active = await byMachines(interruption).inject(context);
  await waitFor('the machine to be off', () => isOff('spot-2') || undefined, { timeoutMs: 5_000, intervalMs: 10 });
  expect([...pods.keys()]).toEqual(['pod-1', 'pod-2', 'pod-3', 'pod-4']);
  await active.undo();
});

test('a drill that leaves before the notice is over switches nothing off', async () => {
  const { context, cordoned, isOff } = setUp();
  const active = await byMachines(interruption).inject({ ...context, timeScale: 1 });
  await active.undo();
  expect([isOff('spot-2'), [...cordoned]]).toEqual([false, []]);
});

test('a machine that cannot be switched off is told, once all is undone', async () => {
  const { context, cordoned, log } = setUp();
  const machines = context.platform.machines as Machines;
  context.platform.machines = { ...machines, off: () => ({ argv: ['false'], timeoutMs: 5_000 }) };
  const active = await byMachines(interruption).inject(context);
  const tried = () => log.includes('command journalled') || undefined;
  await waitFor('the command', tried, { timeoutMs: 5_000, intervalMs: 10 });
  await expect(active.undo()).rejects.toThrow('node spot-2 could not be switched off: false ended with exit code 1');
  expect([...cordoned]).toEqual([]);
});

test('all spot nodes are given notice at once', async () => {
  const { context, cordoned } = setUp();
  const active = await byMachines({ ...interruption, nodes: 'all' }).inject({ ...context, timeScale: 1 });
  expect([...cordoned].sort()).toEqual(['spot-1', 'spot-2']);
  await active.undo();
});
