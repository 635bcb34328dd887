import { expect, test } from 'vitest';
import { bootMsOn, type NodeMachine, toBoot } from './node-group.ts';

const machine = (id: string, zone: string, isOn: boolean): NodeMachine => ({ id, zone, isOn });
const ids = (machines: NodeMachine[]) => machines.map(({ id }) => id);

const bootMs = bootMsOn(1);
/** Kubernetes takes 50 s by default to miss a node. */
const missedMs = 50_000;

test('a lost node boots once it has been off for 90 s, when it has been missed', () => {
  const machines = [machine('a', 'z1', false), machine('b', 'z1', true), machine('c', 'z2', true)];
  const since = new Map<string, number>();
  expect(ids(toBoot(machines, since, { atMs: 1_000, bootMs }))).toEqual([]);
  expect(ids(toBoot(machines, since, { atMs: 1_000 + missedMs, bootMs }))).toEqual([]);
  expect(ids(toBoot(machines, since, { atMs: 90_999, bootMs }))).toEqual([]);
  expect(ids(toBoot(machines, since, { atMs: 91_000, bootMs }))).toEqual(['a']);
});

test('where clocks run faster, it boots as much sooner', () => {
  expect(bootMsOn(3)).toBe(30_000);
});

test('one that came back in between has its 90 s again', () => {
  const since = new Map<string, number>();
  const other = machine('b', 'z1', true);
  toBoot([machine('a', 'z1', false), other], since, { atMs: 0, bootMs });
  toBoot([machine('a', 'z1', true), other], since, { atMs: 60_000, bootMs });
  expect(ids(toBoot([machine('a', 'z1', false), other], since, { atMs: 100_000, bootMs }))).toEqual([]);
  expect(ids(toBoot([machine('a', 'z1', false), other], since, { atMs: 190_000, bootMs }))).toEqual(['a']);
});

test('nothing boots in a zone that is out', () => {
  const machines = [machine('a', 'z1', false), machine('b', 'z1', false), machine('c', 'z2', true)];
  const since = new Map<string, number>();
  toBoot(machines, since, { atMs: 0, bootMs });
  expect(ids(toBoot(machines, since, { atMs: 600_000, bootMs }))).toEqual([]);
});
