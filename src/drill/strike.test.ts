import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { testPlatform } from '../../tests/support/test-platform.ts';
import type { Observation } from '../model/evidence.ts';
import type { ActiveFault, FaultContext, PickedFault, Way } from '../model/fault.ts';
import { strikeAtPeak } from './strike.ts';

const context = {
  platform: testPlatform(),
  target: 'bench',
  runId: 'run',
  willChange: () => () => {},
  signal: new AbortController().signal,
} satisfies FaultContext;

const breaking = (active: Partial<ActiveFault> = {}, way: Partial<Way> = {}): PickedFault => ({
  kind: 'power',
  way: {
    name: 'switch',
    requires: [],
    undo: 'light',
    rights: [],
    check: async () => [],
    inject: async () => ({
      injectedAtMs: 1_000,
      prove: async () => ({ provenAtMs: 2_000, proof: 'it is dark' }),
      undo: async () => ({ revertedAtMs: 3_000 }),
      ...active,
    }),
    ...way,
  },
});

/** What a strike reports; the load ends as it is told to. */
async function strike(fault: PickedFault | null, options: { noPeak?: string; ended?: Promise<unknown> } = {}) {
  const { noPeak = null, ended = delay(50) } = options;
  const seen: Observation[] = [];
  const notes: string[] = [];
  const struck: number[] = [];
  const error = await strikeAtPeak({
    fault,
    context,
    load: { faultDue: Promise.resolve(noPeak), struck: (atMs) => struck.push(atMs), ended: ended.then(() => {}) },
    emit: (observation) => seen.push(observation),
    onProgress: (message) => notes.push(message),
  }).catch((thrown: Error) => thrown.message);
  const told = seen.map((o) =>
    o.kind === 'fault' ? [o.state, o.detail] : [o.kind, o.kind === 'problem' && o.message],
  );
  return { told, notes, error, struck };
}

test('a fault is injected, proven and reverted, in this order', async () => {
  const { told, struck } = await strike(breaking());
  expect(told).toEqual([
    ['injecting', undefined],
    ['injected', undefined],
    ['proven', 'it is dark'],
    ['reverted', undefined],
  ]);
  // From then on the load counts how long it has to last.
  expect(struck).toEqual([1_000]);
});

const noPeak = '60 of 600 requests/s were reached';

test('nothing is injected below the peak', async () => {
  const { told, struck } = await strike(breaking(), { noPeak });
  expect(struck).toEqual([]);
  expect(told).toEqual([['problem', 'nothing was injected: 60 of 600 requests/s were reached']]);
});

test('a fault whose proof is there before it is not injected', async () => {
  const fault = breaking({}, { holdsAlready: async () => 'it is dark', inject: () => expect.unreachable() });
  expect((await strike(fault)).told).toEqual([
    [
      'problem',
      'nothing was injected: what would prove power is so before it (it is dark), so that it would prove nothing',
    ],
  ]);
  expect((await strike(breaking({}, { holdsAlready: async () => undefined }))).told).toHaveLength(4);
});

test('what has not bitten when the load ends is not proven, and is waited for no longer', async () => {
  let stopped = false;
  const prove = (signal: AbortSignal) =>
    new Promise<never>(() => signal.addEventListener('abort', () => (stopped = true)));
  const { told, error } = await strike(breaking({ prove }));
  expect(told.slice(2)).toEqual([
    ['not-proven', 'not before the load ended'],
    ['reverted', undefined],
  ]);
  expect([stopped, error]).toEqual([true, undefined]);
});

test('a drill without a fault tells of none', async () => {
  expect((await strike(null)).told).toEqual([]);
  expect((await strike(null, { noPeak })).told).toEqual([['problem', noPeak]]);
});

test('a fault is undone when the load dies under it, and the load is what is told', async () => {
  const { told, error } = await strike(breaking(), { ended: Promise.reject(new Error('k6 died')) });
  expect(told.at(-1)).toEqual(['reverted', undefined]);
  expect(error).toBe('k6 died');
});

test('a platform that does not become healthy is reported to people, and no time is made up', async () => {
  const { told, notes } = await strike(breaking({ undo: async () => ({ revertedAtMs: null }) }));
  expect(told.at(-1)).toEqual(['proven', 'it is dark']);
  expect(notes).toEqual([
    'undoing power, for at most 120 s',
    'power was taken back, but the platform did not become healthy',
  ]);
});
