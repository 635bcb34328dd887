import { expect, test } from 'vitest';
import type { Change, LivePod } from '../src/model/facets.ts';
import type { Fault, FaultContext } from '../src/model/fault.ts';
import { pickWay } from '../src/plan/pick-way.ts';
import { testHands } from '../tests/support/test-hands.ts';
import { testPlatform } from '../tests/support/test-platform.ts';
import { cpuPressure } from './cpu-pressure.ts';
import { memoryPressure } from './memory-pressure.ts';
import { networkDegraded } from './network-degraded.ts';

/** A shop of three ready pods whose changes note what becomes of them. */
function setUp({ refuses = undefined as string | undefined, lacking = [] as string[] } = {}) {
  const log: unknown[] = [];
  const change = (asked: object): Change => ({
    undo: { kind: 'pods', asked: JSON.stringify(asked) },
    make: async () => void log.push(asked),
    takeBack: async () => void log.push('taken back'),
    evidence: () => (log.length > 0 ? 'it shows' : undefined),
  });
  const pods: LivePod[] = ['c', 'a', 'b'].map((name) => ({ name, node: 'n', zone: 'z', ready: true, cpuRatio: null }));
  const context: FaultContext = {
    platform: testPlatform({
      cluster: {
        inventory: async () => ({ nodes: [], nodesWanted: 0, pods, podsWanted: 3, podsMax: null }),
        podEnds: async () => [],
        events: async () => [],
      },
      kubernetes: testHands({ press: async (names, wish) => refuses ?? change({ names, ...wish }) }),
      shaping: {
        degrade: async (names, wish) => refuses ?? change({ names, ...wish }),
        rehearse: async () => lacking,
      },
    }),
    target: 'kubernetes',
    runId: 'run-1',
    willChange: () => () => {},
    signal: new AbortController().signal,
  };
  return { context, log };
}

const byKubernetes = (fault: Fault) => pickWay(fault, { capabilities: new Set() }, 'kubernetes');
const howMany = { share: 1 / 2 };
const lastsMs = 30_000;
const cpu = cpuPressure({ howMany, cores: 2, lastsMs });
const memory = memoryPressure({ howMany, share: 0.8, lastsMs });
const network = networkDegraded({ howMany, lossRatio: 0.05, lastsMs });

test.each([
  [cpu, { pressure: { of: 'cpu', cores: 2 } }],
  [memory, { pressure: { of: 'memory', share: 0.8 } }],
  [network, { degradation: { lossRatio: 0.05 } }],
])('$kind hits a share of the pods, for its time, and is taken back', async (fault, wish) => {
  const { context, log } = setUp();
  const way = byKubernetes(fault);
  expect(await way.check(context)).toEqual([]);
  expect(log).toEqual([]);
  const active = await way.inject(context);
  expect(log).toEqual([{ names: ['a', 'b'], runId: 'run-1', lastsMs, ...wish }]);
  expect(await active.prove(context.signal)).toMatchObject({ proof: 'it shows' });
  expect((await active.undo()).revertedAtMs).not.toBeNull();
  expect(log.slice(1)).toEqual(['taken back']);
});

test.each([cpu, memory, network])('what keeps $kind from being done is told before the load', async (fault) => {
  const { context, log } = setUp({ refuses: 'the image has nothing to do it by' });
  const message = `${fault.kind} cannot be done: the image has nothing to do it by`;
  expect(await byKubernetes(fault).check(context)).toEqual([message]);
  await expect(byKubernetes(fault).inject(context)).rejects.toThrow(message);
  expect(log).toEqual([]);
});

test('what a rehearsal finds out is told as well', async () => {
  const { context } = setUp({ lacking: ['the kernel of node1 has no netem'] });
  expect(await byKubernetes(network).check(context)).toEqual([
    'network-degraded cannot be done: the kernel of node1 has no netem',
  ]);
});
