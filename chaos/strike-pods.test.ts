import { expect, test } from 'vitest';
import type { LivePod } from '../src/model/facets.ts';
import type { FaultContext } from '../src/model/fault.ts';
import { testHands } from '../tests/support/test-hands.ts';
import { testPlatform } from '../tests/support/test-platform.ts';
import { byKubernetes as containerKill } from './container-kill/by-kubernetes.ts';
import { byKubernetes as podKill } from './pod-kill/by-kubernetes.ts';

/** A shop of so many ready pods, and one that is not. `mute`: their images have nothing to send a signal by. */
function setUp({ ready = 3, mute = false, isRestarted = true } = {}) {
  const killed: string[] = [];
  const signals: string[] = [];
  const pods: LivePod[] = Array.from({ length: ready + 1 }, (_, index) => ({
    name: `pod-${index}`,
    node: 'node-1',
    zone: 'a',
    ready: index < ready,
    cpuRatio: null,
  }));
  const now = () => pods.filter(({ name }) => !killed.includes(name));
  const context: FaultContext = {
    platform: testPlatform({
      cluster: {
        inventory: async () => ({ nodes: [], nodesWanted: 0, pods: now(), podsWanted: 0, podsMax: null }),
        podEnds: async () => [],
        events: async () => [],
      },
      kubernetes: testHands({
        kill: async (pod) => void killed.push(pod),
        async signal(pod, signal) {
          if (mute) throw new Error('the image of container web has nothing to send a signal by');
          signals.push(`${signal} to ${pod}`);
        },
        restartsOf: (pod) => (isRestarted && signals.includes(`SIGTERM to ${pod}`) ? 3 : 2),
      }),
    }),
    target: 'kubernetes',
    runId: 'run-1',
    willChange: () => () => {},
    signal: new AbortController().signal,
  };
  return { context, killed, signals };
}

test('a share of the ready pods is killed, and proven by their being gone', async () => {
  const { context, killed } = setUp();
  const way = podKill({ kind: 'pod-kill', howMany: { share: 1 / 2 } });
  expect(await way.check(context)).toEqual([]);
  expect(killed).toEqual([]);
  const active = await way.inject(context);
  expect(killed).toEqual(['pod-0', 'pod-1']);
  expect(await active.prove(context.signal)).toMatchObject({ proof: 'pod pod-0 is gone; pod pod-1 is gone' });
  expect((await active.undo()).revertedAtMs).not.toBeNull();
});

test('containers are ended by a signal, and proven by their being started again', async () => {
  const { context, signals } = setUp();
  const way = containerKill({ kind: 'container-kill', howMany: { pods: 2 } });
  expect(await way.check(context)).toEqual([]);
  expect(signals).toEqual(['0 to pod-0', '0 to pod-1']);
  const active = await way.inject(context);
  expect(signals.slice(2)).toEqual(['SIGTERM to pod-0', 'SIGTERM to pod-1']);
  expect(await active.prove(context.signal)).toMatchObject({
    proof: 'a container of pod pod-0 was started again; a container of pod pod-1 was started again',
  });
});

test('a program that does not heed the signal proves nothing', async () => {
  const { context } = setUp({ isRestarted: false });
  const active = await containerKill({ kind: 'container-kill', howMany: { pods: 1 } }).inject(context);
  await expect(active.prove(AbortSignal.timeout(300))).rejects.toThrow();
});

test.each([
  ['its image has nothing to send a signal by', { mute: true }, /cannot be done: the image of container web/],
  ['no pod is ready', { ready: 0 }, /no pod of the shop is ready/],
])('before the load it is told once where %s', async (_, options, message) => {
  const { context } = setUp(options);
  const problems = await containerKill({ kind: 'container-kill', howMany: { share: 1 } }).check(context);
  expect(problems).toEqual([expect.stringMatching(message)]);
});

test('more pods than are ready are not killed', async () => {
  const { context, killed } = setUp({ ready: 1 });
  await expect(podKill({ kind: 'pod-kill', howMany: { pods: 2 } }).inject(context)).rejects.toThrow(
    /is for 2 pods, and the shop has 1/,
  );
  expect(killed).toEqual([]);
});
