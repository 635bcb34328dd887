import { expect, test } from 'vitest';
import { constants, scaled } from '../constants.ts';
import { Autoscaler } from './autoscaler.ts';
import { Controller, type ControllerOptions } from './controller.ts';
import type { Capacity, PodStatus } from './protocol.ts';

const lostAfterMs = scaled.nodeGrace.ms + scaled.notReadyToleration.ms;

interface Setup extends Partial<ControllerOptions> {
  replicas?: number;
  /** Nodes and how they are paid for; a node's zone is the first letter of its name. */
  nodes?: Record<string, Capacity>;
}

/** A controller with a clock of its own, whose nodes run the pods assigned to them. */
function startController({ replicas = 2, nodes = { a: 'on-demand', b: 'on-demand' }, ...options }: Setup = {}) {
  let nowMs = 0;
  const started = new Set<string>();
  const events: string[] = [];
  const controller = new Controller({ event: (_, message) => events.push(message), now: () => nowMs, ...options });
  const beat = (node: string, pods: PodStatus[] = []) =>
    controller.heartbeat({
      node,
      zone: `zone-${node[0]}`,
      capacity: nodes[node] ?? 'on-demand',
      atMs: nowMs,
      pods,
    }).pods;
  for (const node of Object.keys(nodes)) beat(node);
  controller.deploy({ replicas, spec: ({ name, zone }) => ({ name, args: ['pod.ts'], env: { ZONE: zone } }) });
  /** Lets time pass, in which only the named nodes beat, and their pods become ready at once. */
  const pass = (ms: number, beating: string[], cores = 0) => {
    for (const end = nowMs + ms; nowMs < end; nowMs += 250) {
      for (const node of beating) {
        const assigned = controller.pods().filter((pod) => pod.node === node);
        beat(
          node,
          assigned.filter(({ name }) => started.has(name)).map(({ name }) => running(name, 1, true, nowMs * cores)),
        );
        for (const { name } of assigned) started.add(name);
      }
      controller.tick();
    }
  };
  const freeze = (ms: number) => {
    nowMs += ms;
    controller.tick();
  };
  const nodesOfPods = () => controller.pods().map(({ node }) => node);
  return { controller, events, beat, pass, freeze, nodesOfPods };
}

const running = (name: string, port: number, ready: boolean, cpuMs: number | null = null): PodStatus => ({
  name,
  phase: 'running',
  ready,
  port,
  restarts: 0,
  lastExit: null,
  cpuMs,
});

test('tells a node its pods, in the answer to its heartbeat', () => {
  const { beat } = startController();
  expect(beat('a')).toEqual([{ name: expect.stringMatching(/^shop-/), args: ['pod.ts'], env: { ZONE: 'zone-a' } }]);
  expect(beat('a')).toEqual(beat('a'));
  expect(beat('stranger')).toEqual([]);
});

test('a silent node is NotReady after the grace, and its pods are replaced elsewhere a little later', () => {
  const { controller, beat, pass, events, nodesOfPods } = startController();
  const [lost] = beat('a');
  const readyOf = (name: string) => controller.nodes().find((node) => node.name === name)?.ready;
  pass(scaled.nodeGrace.ms, ['b']);
  expect(readyOf('a')).toBe(true);
  pass(500, ['b']);
  expect(readyOf('a')).toBe(false);
  expect(nodesOfPods()).toEqual(['a', 'b']);
  pass(scaled.notReadyToleration.ms, ['b']);
  expect(nodesOfPods()).toEqual(['b', 'b']);
  expect(controller.podEnds(0)).toMatchObject([
    { pod: lost?.name, node: 'a', cause: 'node-lost', because: expect.stringMatching(/^a NotReady: no heartbeat/) },
  ]);
  expect(events).toContainEqual(expect.stringMatching(/^a NotReady: no heartbeat for 6\d\d\d ms/));
});

test('a pod on a node that is NotReady is not ready', () => {
  const { controller, pass } = startController();
  pass(1_000, ['a', 'b']);
  expect(controller.pods().map(({ ready }) => ready)).toEqual([true, true]);
  pass(scaled.nodeGrace.ms + 250, ['b']);
  expect(controller.pods().map(({ ready }) => ready)).toEqual([false, true]);
});

test('a node that comes back is ready, and no longer has the pods that were replaced', () => {
  const { controller, beat, pass } = startController();
  const [lost] = beat('a');
  pass(lostAfterMs + 1_000, ['b']);
  expect(beat('a', [running(lost?.name ?? '', 1, true)])).toEqual([]);
  expect(controller.nodes().every(({ ready }) => ready)).toBe(true);
  expect(controller.pods()).toHaveLength(2);
});

test('a node that is gone stays gone, and what is known of its end is told of its pods', () => {
  const { controller, beat, nodesOfPods } = startController();
  controller.attribute('a', 'i-1 terminated');
  controller.removeNode('a', 'i-1 terminated (by FIS)');
  expect(beat('a')).toEqual([]);
  expect(controller.nodes().map(({ name }) => name)).toEqual(['b']);
  expect(nodesOfPods()).toEqual(['b', 'b']);
  expect(controller.podEnds(0)).toMatchObject([{ cause: 'node-lost', because: 'i-1 terminated (by FIS)' }]);
});

test('the end of a pod on a node that fell silent is put down to what became of the node', () => {
  const { controller, pass } = startController();
  controller.attribute('a', 'zone-a cut off');
  pass(lostAfterMs + 500, ['b']);
  expect(controller.podEnds(0)).toMatchObject([{ cause: 'node-lost', because: 'zone-a cut off' }]);
});

test('no node is blamed for a time in which the controller itself was stopped', () => {
  const { controller, freeze, pass } = startController();
  freeze(60_000);
  pass(1_000, ['a', 'b']);
  expect(controller.nodes().every(({ ready }) => ready)).toBe(true);
});

test('a pod is a target from its first readiness until its port or itself is gone', () => {
  const { controller, beat } = startController({ replicas: 1 });
  const name = beat('a')[0]?.name ?? '';
  const ports = (status: PodStatus) => {
    beat('a', [status]);
    return controller.targets().map(({ port }) => port);
  };
  expect(ports(running(name, 1, false))).toEqual([]);
  expect(ports(running(name, 1, true))).toEqual([1]);
  expect(ports(running(name, 1, false))).toEqual([1]);
  expect(ports({ ...running(name, 1, false), port: null, phase: 'backing-off', restarts: 1 })).toEqual([]);
  expect(ports(running(name, 2, false))).toEqual([]);
  expect(ports(running(name, 2, true))).toEqual([2]);
});

test('tells of pods that end and of their readiness', () => {
  const { controller, beat, events } = startController({ replicas: 1 });
  const name = beat('a')[0]?.name ?? '';
  beat('a', [running(name, 1, true)]);
  const restarted: PodStatus = { ...running(name, 1, false), phase: 'backing-off', port: null, restarts: 1 };
  beat('a', [{ ...restarted, lastExit: 'signal SIGKILL' }]);
  expect(events.slice(-3)).toEqual([
    `${name} on a ready`,
    `${name} on a ended unexpectedly (signal SIGKILL); restarting it`,
    `${name} on a not ready`,
  ]);
  expect(controller.podEnds(0)).toMatchObject([{ pod: name, cause: 'crashed', because: 'signal SIGKILL' }]);
});

test('no more pods start at once than the machine can carry', () => {
  const nodes = { a: 'on-demand', b: 'on-demand', c: 'on-demand' } as const;
  const { controller, beat } = startController({ replicas: 6, nodes });
  const started = (node: string) => beat(node).length;
  expect(['a', 'b', 'c'].map(started)).toEqual([2, 2, 2]);
  for (const name of ['a', 'b']) controller.removeNode(name, 'lost');
  const more = ['d', 'e'];
  expect(more.map(started)).toEqual([0, 0]);
});

const group = { a1: 'on-demand', b1: 'on-demand', a2: 'spot', b2: 'spot' } as const;
const all = Object.keys(group);

/** An autoscaler that wants this many pods from the start. */
function wanting(pods: number): Autoscaler {
  const still = { stabilisationMs: 0, periodMs: 1, podsPerPeriod: 9 };
  const rules = { minPods: pods, maxPods: pods, targetRatio: 0.7, tolerance: 0.1, up: still, down: still };
  return new Autoscaler(rules);
}

test('pods above the base run on spot nodes', () => {
  const { nodesOfPods } = startController({ nodes: group, autoscaler: wanting(4) });
  expect(nodesOfPods().toSorted()).toEqual(['a1', 'a2', 'b1', 'b2']);
});

test.each([
  { pods: 4, nodes: group, atOnce: 1 },
  { pods: 6, nodes: { ...group, c1: 'on-demand', c2: 'spot' } as const, atOnce: 2 },
])(
  'of $pods pods drained nodes give up $atOnce at a time, the next once another is ready elsewhere',
  ({ pods, nodes, atOnce }) => {
    const { controller, pass, nodesOfPods } = startController({ nodes, autoscaler: wanting(pods) });
    const names = Object.keys(nodes);
    const drained = names.filter((name) => name.endsWith('2'));
    pass(2_000, names);
    const onSpot = () => nodesOfPods().filter((node) => drained.includes(node)).length;
    const before = onSpot();
    expect(before).toBeGreaterThan(atOnce);
    for (const node of drained) controller.drain(node, 'spot interruption of i-1');
    pass(250, []);
    expect(onSpot()).toBe(before - atOnce);
    pass(250, []);
    expect(onSpot()).toBe(before - atOnce);
    pass(2_000, names);
    expect(onSpot()).toBe(0);
    expect(nodesOfPods()).toHaveLength(pods);
    expect(controller.podEnds(0)).toMatchObject([
      ...Array(before).fill({ capacity: 'spot', cause: 'evicted', because: 'spot interruption of i-1' }),
    ]);
  },
);

test('without a disruption budget all pods of a drained node go at once', () => {
  const { controller, pass, nodesOfPods } = startController({
    nodes: group,
    autoscaler: wanting(6),
    disruptionBudget: false,
  });
  pass(2_000, all);
  controller.drain('a2', 'spot interruption of i-1');
  pass(250, all);
  expect(nodesOfPods()).not.toContain('a2');
});

test('pods of nodes that are drained together go to none of them', () => {
  const { controller, pass, nodesOfPods } = startController({ nodes: group, autoscaler: wanting(4) });
  pass(2_000, all);
  for (const node of ['a2', 'b2']) controller.drain(node, 'spot interruption');
  pass(2_000, all);
  expect(nodesOfPods().toSorted()).toEqual(['a1', 'a1', 'b1', 'b1']);
  expect(controller.podEnds(0)).toHaveLength(2);
});

test('pods are added as the CPU use of those that run calls for it, and told why they go again', () => {
  const up = { stabilisationMs: 0, periodMs: 5_000, podsPerPeriod: 2 };
  const rules = { minPods: 2, maxPods: 8, targetRatio: 0.7, tolerance: 0.1, up, down: { ...up, podsPerPeriod: 1 } };
  const { controller, pass, events } = startController({ nodes: group, autoscaler: new Autoscaler(rules) });
  pass(scaled.cpuInitialisation.ms + 8_000, all, constants.podCpuRequestCores);
  expect([controller.wantedPods, controller.pods()[0]?.cpuRatio]).toEqual([2, null]);
  controller.sizePods(constants.podCpuRequestCores);
  pass(scaled.cpuInitialisation.ms + 8_000, all, constants.podCpuRequestCores);
  expect(controller.wantedPods).toBeGreaterThan(2);
  expect(controller.pods()[0]?.cpuRatio).toBeCloseTo(1);
  expect(events).toContainEqual('autoscaling wants 3 pods instead of 2: CPU use 100 %, 100 % of what they request');
  pass(scaled.cpuInitialisation.ms + 30_000, all, 0);
  expect(controller.podEnds(0)[0]).toMatchObject({
    cause: 'scaled-down',
    because: expect.stringMatching(/pods are wanted/),
  });
});
