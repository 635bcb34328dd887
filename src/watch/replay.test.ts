import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judgeStored } from '../drill/judge-run.ts';
import { rootFolder } from '../runtime/processes.ts';
import type { EventOf, WatchEvent } from './events.ts';
import { courseOf, phasesOf } from './page/course.ts';
import { emptyState, servingOf, take } from './page/state.ts';
import { replayOf } from './replay.ts';

async function replayed(run: string) {
  const folder = join(rootFolder, 'fixtures', 'runs', run);
  const judged = await judgeStored(folder);
  const replay = await replayOf(join(folder, 'evidence'), judged, 'again');
  const stateAt = (atMs: number) => replay.events.filter((event) => event.atMs <= atMs).reduce(take, emptyState());
  return { judged, replay, stateAt };
}

const ofKind = <K extends WatchEvent['kind']>(events: WatchEvent[], kind: K): EventOf<K>[] =>
  events.filter((event): event is EventOf<K> => event.kind === kind);

test('a replay tells what the judge says: the calls, the alerts, the fault and the verdict', async () => {
  const { judged, replay, stateAt } = await replayed('aurora-failover-holds');
  const { facts, verdict } = judged;
  const calls = (facts.budgets ?? []).map(({ path, good, bad }) => ({ path, tries: good + bad, badTries: bad }));
  const seconds = ofKind(replay.events, 'load-progress').flatMap(({ paths = [] }) => paths);
  for (const { path, tries, badTries } of calls) {
    const of = seconds.filter((one) => one.path === path);
    expect(of.reduce((sum, one) => sum + one.tries, 0)).toBe(tries);
    expect(of.reduce((sum, one) => sum + one.badTries, 0)).toBe(badTries);
    const fine = replay.fine.paths.find((one) => one.path === path);
    const all = of.reduce((sum, one) => sum + one.calls, 0);
    expect(fine?.calls.reduce((a, b) => a + b, 0)).toBe(all);
  }
  const judgedAlerts = (facts.budgets ?? [])
    .flatMap(({ alerts }) => alerts)
    .filter(({ firedAtMs }) => firedAtMs !== null);
  expect(ofKind(replay.events, 'alert').map(({ atMs }) => atMs)).toEqual(
    judgedAlerts.map(({ firedAtMs }) => firedAtMs),
  );
  const last = stateAt(Infinity);
  expect(last.verdict?.outcome).toBe(verdict.outcome);
  expect(courseOf(last).map(({ state }) => state)).not.toContain('to come');
  const { injectedAtMs, baselineStartMs } = facts.timeline;
  const atFault = stateAt((injectedAtMs ?? 0) + 2_000);
  expect(phasesOf(atFault).at(-1)?.name).toBe('fault');
  expect(servingOf(atFault).served).toBeLessThan(servingOf(atFault).all);
  const before = stateAt((baselineStartMs ?? 0) + 500);
  const { served, all } = servingOf(before);
  expect(served).toBe(all);
  expect(all).toBeGreaterThan(0);
});

test('what comes next is told with its time, and kept to', async () => {
  const { judged, stateAt } = await replayed('aurora-failover-holds');
  const { baselineStartMs, peakStartMs, injectedAtMs, loadEndMs } = judged.facts.timeline;
  const items = courseOf(stateAt((baselineStartMs ?? 0) + 500));
  const due = (what: RegExp) => items.find((item) => what.test(item.what));
  expect(items.find(({ state }) => state === 'now')?.what).toBe('Baseline');
  expect(due(/^Peak$/)?.state).toBe('to come');
  expect(Math.abs((due(/^Peak$/)?.atMs ?? 0) - (peakStartMs ?? 0))).toBeLessThanOrEqual(1_000);
  expect(Math.abs((due(/^Fault:/)?.atMs ?? 0) - (injectedAtMs ?? 0))).toBeLessThan(2_000);
  expect(Math.abs((due(/load ends/)?.atMs ?? 0) - (loadEndMs ?? 0))).toBeLessThan(3_000);
});

test('what a drill passed over is left out, and not waited for', async () => {
  const { replay } = await replayed('aurora-failover-holds');
  const unproven = replay.events.filter((event) => !(event.kind === 'mark' && event.mark === 'peak-proven'));
  const atLoadEnd = unproven.findIndex((event) => event.kind === 'mark' && event.mark === 'load-end');
  const withoutFault = unproven.slice(0, atLoadEnd + 1).filter(({ kind }) => kind !== 'fault');
  const items = courseOf(withoutFault.reduce(take, emptyState()));
  expect(items.filter(({ state }) => state === 'left out').map(({ what }) => what)).toEqual([
    'Peak proven',
    'Fault: rds-failover',
    'Fault proven',
    'Promised to be well again',
    'Fault undone',
  ]);
  expect(items.find(({ state }) => state === 'now')?.what).toBe('The load ends');
  expect(items.find(({ state }) => state === 'to come')?.what).toBe('Orders and the platform’s account are read');
});

test('a run that was cut off says so, and leaves out what never began', async () => {
  const { stateAt } = await replayed('node-loss-interrupted');
  const last = stateAt(Infinity);
  expect(last.ended?.status).toBe('interrupted');
  const items = courseOf(last);
  expect(items.find(({ what }) => what === 'Fault: node-loss')?.state).toBe('left out');
  expect(items.at(-1)).toMatchObject({ what: 'Verdict', state: 'done' });
});
