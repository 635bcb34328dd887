import { beforeEach, expect, test } from 'vitest';
import { planOf } from '../../tests/support/runs/plan.ts';
import { runbook } from '../../tests/support/runs/runbook.ts';
import type { Observation } from '../model/evidence.ts';
import type { Tick } from '../model/runbook.ts';
import { frameOf } from './frame.ts';
import { momentOf } from './moment.ts';
import { Ticks } from './ticks.ts';

const plan = { ...planOf(), runbook };
const injected: Observation = { kind: 'fault', atMs: 9, fault: 'x', state: 'injected' };

let written: Tick[];
let ticks: Ticks;
beforeEach(() => {
  written = [];
  ticks = new Ticks(plan, frameOf(plan));
  ticks.record = (tick) => written.push(tick);
});

test('a step is written down once, with who did it and when', () => {
  expect(ticks.tick({ step: 'note', by: '  Ada Lovelace ' }, 1_000)).toEqual({
    atMs: 1_000,
    step: 'note',
    by: 'Ada Lovelace',
  });
  expect(ticks.tick({ step: 'note', by: 'Bob' }, 2_000)).toBe('Ada Lovelace has done it already');
  expect(written).toEqual([{ atMs: 1_000, step: 'note', by: 'Ada Lovelace' }]);
});

test('a step counts from its moment on', () => {
  expect(ticks.tick({ step: 'look', by: 'Ada' }, 1)).toBe('its moment, fault, has not come yet');
  ticks.take(injected);
  expect(ticks.tick({ step: 'look', by: 'Ada' }, 10)).toMatchObject({ step: 'look' });
  expect(ticks.tick({ step: 'note', by: 'Ada' }, 11)).toMatchObject({ step: 'note' });
  expect(written).toHaveLength(2);
});

test('what is done after the load can be done once the shop is to be well again', () => {
  const after = { ...runbook, steps: runbook.steps.map((step) => ({ ...step, moment: 'after' as const })) };
  const late = new Ticks({ ...plan, runbook: after }, frameOf(plan));
  late.record = () => {};
  late.take(injected);
  expect(late.tick({ step: 'note', by: 'Ada' }, 10)).toBe('its moment, after, has not come yet');
  const recoveredMs = injected.atMs + frameOf(plan).schedule.recoveredAfterMs;
  expect(late.tick({ step: 'note', by: 'Ada' }, recoveredMs)).toMatchObject({ step: 'note' });
});

test.each([
  ['no such step', { step: 'other', by: 'Ada' }, /no such step/],
  ['a step that is no text', { step: 7, by: 'Ada' }, /no such step/],
  ['no name', { step: 'note' }, /./],
  ['an empty name', { step: 'note', by: '  ' }, /say who did it/],
  ['a name without end', { step: 'note', by: 'x'.repeat(81) }, /at most 80/],
  ['a name that would be more than a name', { step: 'note', by: 'Ada\u001b[2J' }, /control characters/],
])('%s is refused', (_, asked, why) => {
  expect(ticks.tick(asked, 1)).toMatch(why);
  expect(written).toEqual([]);
});

test('before the drill has its evidence, and when that cannot be written, nothing counts as done', () => {
  ticks.record = undefined;
  expect(ticks.tick({ step: 'note', by: 'Ada' }, 1)).toBe('the drill has not begun yet');
  ticks.record = () => {
    throw new Error('ENOSPC');
  };
  expect(ticks.tick({ step: 'note', by: 'Ada' }, 1)).toBe('it could not be written down: ENOSPC');
  ticks.record = (tick) => written.push(tick);
  expect(ticks.tick({ step: 'note', by: 'Ada' }, 1)).toMatchObject({ by: 'Ada' });
});

test('a drill goes through all moments, and one without a fault leaves the fault out', () => {
  const frame = frameOf(plan);
  const marks = new Map<string, number>();
  const faults: { state: string; atMs: number }[] = [];
  const now = (nowMs: number, ended: unknown = null) => momentOf({ frame, marks, faults, ended }, nowMs);
  const seen = [now(0)];
  marks.set('baseline-start', 1);
  seen.push(now(1));
  marks.set('ramp-start', 2);
  seen.push(now(2));
  faults.push({ state: 'injecting', atMs: 3 });
  seen.push(now(3));
  faults.push({ state: 'injected', atMs: 4 });
  seen.push(now(4 + frame.schedule.recoveredAfterMs - 1), now(4 + frame.schedule.recoveredAfterMs));
  marks.set('load-end', 5);
  seen.push(now(6));
  expect(seen).toEqual(['before', 'baseline', 'peak', 'fault', 'fault', 'recovered', 'after']);
  faults.length = 0;
  marks.delete('load-end');
  expect(now(7)).toBe('peak');
  marks.set('back-start', 8);
  expect(now(9)).toBe('recovered');
  expect(now(9, {})).toBe('after');
});
