import { expect, test } from 'vitest';
import { scaled } from '../constants.ts';
import { Controller } from './controller.ts';
import type { PodStatus } from './protocol.ts';

/** A controller with a clock of its own and one node in each of two zones. */
function startController(replicas = 2) {
  let nowMs = 0;
  const events: string[] = [];
  const controller = new Controller({ event: (_, message) => events.push(message), now: () => nowMs });
  const beat = (node: string, pods: PodStatus[] = []) =>
    controller.heartbeat({ node, zone: `zone-${node}`, pods }).pods;
  beat('a');
  beat('b');
  controller.deploy({ replicas, spec: ({ name, zone }) => ({ name, args: ['pod.ts'], env: { ZONE: zone } }) });
  const pass = (ms: number, beating: string[]) => {
    for (const end = nowMs + ms; nowMs < end; nowMs += 250) {
      for (const node of beating) beat(node);
      controller.tick();
    }
  };
  const freeze = (ms: number) => {
    nowMs += ms;
    controller.tick();
  };
  return { controller, events, beat, pass, freeze };
}

const running = (name: string, port: number, ready: boolean): PodStatus => ({
  name,
  phase: 'running',
  ready,
  port,
  restarts: 0,
  lastExit: null,
});

test('tells a node its pods, in the answer to its heartbeat', () => {
  const { beat } = startController();
  expect(beat('a')).toEqual([{ name: expect.stringMatching(/^shop-/), args: ['pod.ts'], env: { ZONE: 'zone-a' } }]);
  expect(beat('a')).toEqual(beat('a'));
  expect(beat('stranger')).toEqual([]);
});

test('a silent node is NotReady after the grace, and its pods are replaced elsewhere', () => {
  const { controller, beat, pass, events } = startController();
  const [lost] = beat('a');
  pass(scaled.nodeGrace.ms, ['b']);
  expect(controller.nodes().find(({ name }) => name === 'a')).toMatchObject({ ready: true });
  pass(500, ['b']);
  expect(controller.nodes().find(({ name }) => name === 'a')).toMatchObject({ ready: false });
  expect(controller.pods().map(({ node }) => node)).toEqual(['b', 'b']);
  expect(controller.pods().map(({ name }) => name)).not.toContain(lost?.name);
  expect(events).toContainEqual(expect.stringMatching(/^a NotReady: no heartbeat for 3\d\d\d ms/));
});

test('a node that comes back is ready, and no longer has the pods that were replaced', () => {
  const { controller, beat, pass } = startController();
  const [lost] = beat('a');
  pass(4_000, ['b']);
  expect(beat('a', [running(lost?.name ?? '', 1, true)])).toEqual([]);
  expect(controller.nodes().every(({ ready }) => ready)).toBe(true);
  expect(controller.pods()).toHaveLength(2);
});

test('no node is blamed for a time in which the controller itself was stopped', () => {
  const { controller, freeze, pass } = startController();
  freeze(60_000);
  pass(1_000, ['a', 'b']);
  expect(controller.nodes().every(({ ready }) => ready)).toBe(true);
});

test('a pod is a target from its first readiness until its port or itself is gone', () => {
  const { controller, beat } = startController(1);
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
  const { beat, events } = startController(1);
  const name = beat('a')[0]?.name ?? '';
  beat('a', [running(name, 1, true)]);
  beat('a', [
    { ...running(name, 1, false), phase: 'backing-off', port: null, restarts: 1, lastExit: 'signal SIGKILL' },
  ]);
  expect(events.slice(-3)).toEqual([
    `${name} on a ready`,
    `${name} on a ended unexpectedly (signal SIGKILL); restarting it`,
    `${name} on a not ready`,
  ]);
});
