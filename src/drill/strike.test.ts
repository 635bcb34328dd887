import { expect, test } from 'vitest';
import type { Observation } from '../model/evidence.ts';
import type { ActiveFault, Fault, FaultContext } from '../model/fault.ts';
import type { Platform } from '../model/target.ts';
import { strikeAtPeak } from './strike.ts';

const context = {
  platform: {} as Platform,
  target: 'bench',
  runId: 'run',
  willChange: () => () => {},
  signal: new AbortController().signal,
} satisfies FaultContext;

const breaking = (active: Partial<ActiveFault> = {}): Fault => ({
  kind: 'power',
  summary: 'power goes',
  requires: [],
  effects: [],
  problems: () => [],
  check: async () => [],
  inject: async () => ({
    injectedAtMs: 1_000,
    prove: async () => ({ provenAtMs: 2_000, proof: 'it is dark' }),
    undo: async () => ({ revertedAtMs: 3_000 }),
    ...active,
  }),
});

/** What is told of a strike; the load ends as it is told to. */
async function strike(fault: Fault | null, options: { peakProven?: boolean; ended?: Promise<void> } = {}) {
  const { peakProven = true, ended = Promise.resolve() } = options;
  const seen: Observation[] = [];
  const notes: string[] = [];
  const faultDue = Promise.resolve({ peakProven, reason: '60 of 600 requests/s were reached' });
  const error = await strikeAtPeak({
    fault,
    context,
    load: { faultDue, ended },
    emit: (observation) => seen.push(observation),
    onProgress: (message) => notes.push(message),
  }).catch((thrown: Error) => thrown.message);
  const told = seen.map((o) =>
    o.kind === 'fault' ? [o.state, o.detail] : [o.kind, o.kind === 'problem' && o.message],
  );
  return { told, notes, error };
}

test('a fault is injected, proven and reverted, in this order', async () => {
  expect((await strike(breaking())).told).toEqual([
    ['injecting', undefined],
    ['injected', undefined],
    ['proven', 'it is dark'],
    ['reverted', undefined],
  ]);
});

test('nothing is injected below the peak', async () => {
  const { told } = await strike(breaking(), { peakProven: false });
  expect(told).toEqual([
    ['problem', 'the peak was not proven, so nothing was injected: 60 of 600 requests/s were reached'],
  ]);
});

test('a drill without a fault tells of none', async () => {
  expect((await strike(null)).told).toEqual([]);
  expect((await strike(null, { peakProven: false })).told).toEqual([
    ['problem', 'the peak was not proven: 60 of 600 requests/s were reached'],
  ]);
});

test('a fault is undone when the load dies under it, and the load is what is told', async () => {
  const { told, error } = await strike(breaking(), { ended: Promise.reject(new Error('k6 died')) });
  expect(told.at(-1)).toEqual(['reverted', undefined]);
  expect(error).toBe('k6 died');
});

test('a platform that does not become whole is told to people, and no time is made up', async () => {
  const { told, notes } = await strike(breaking({ undo: async () => ({ revertedAtMs: null }) }));
  expect(told.at(-1)).toEqual(['proven', 'it is dark']);
  expect(notes).toEqual(['power was taken back, but the platform did not become whole']);
});
