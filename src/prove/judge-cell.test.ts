import { expect, test } from 'vitest';
import { finding, verdictWith } from '../../tests/support/verdicts.ts';
import type { Outcome } from '../model/verdict.ts';
import { judgeCell } from './judge-cell.ts';

const whole = { drill: 'aurora-failover', without: null, finding: null };
const guarded = { drill: 'aurora-failover', without: 'quorum-commit', finding: 'orders.lost' };
const passed = verdictWith([finding('orders.lost', 'pass'), finding('recovery.write', 'pass')]);
const lostIs = (outcome: Outcome, write: Outcome = 'pass') =>
  verdictWith([finding('orders.lost', outcome), finding('recovery.write', write)]);

test('on the whole platform a drill must not fail', () => {
  expect(judgeCell(whole, passed, passed)).toEqual({ state: 'clean', reason: 'All 2 findings passed.' });
  expect(judgeCell(whole, lostIs('pass', 'fail'), undefined)).toEqual({
    state: 'false-alarm',
    reason: 'recovery.write: recovery.write is fail.',
  });
  expect(judgeCell(whole, lostIs('pass', 'inconclusive'), undefined)).toEqual({
    state: 'inconclusive',
    reason: 'recovery.write: recovery.write is inconclusive.',
  });
});

test('what explains an inconclusive run is told first, the rest by name', () => {
  const open = ['latency.api.peak', 'peak-reached', 'host'].map((id) => finding(id, 'inconclusive'));
  expect(judgeCell(whole, verdictWith(open), undefined).reason).toBe(
    'host: host is inconclusive. Also inconclusive: peak-reached, latency.api.peak.',
  );
});

test('what this profile cannot decide is no reason to doubt the whole platform', () => {
  const open = { ...finding('latency.api.baseline', 'inconclusive'), leftOpen: true as const };
  const told = { ...finding('recovery.nodes', 'pass'), outcome: null };
  const sound = [finding('orders.lost', 'pass'), finding('host', 'pass'), open, told];
  expect(judgeCell(whole, verdictWith(sound), undefined)).toEqual({ state: 'clean', reason: 'All 2 findings passed.' });
  const doubted = verdictWith([finding('peak-reached', 'inconclusive'), open, told]);
  expect(judgeCell(whole, doubted, undefined).reason).toBe('peak-reached: peak-reached is inconclusive.');
});

test('a guarded finding that this profile cannot decide is neither a catch nor a miss', () => {
  const told = { ...finding('orders.lost', 'pass'), outcome: null };
  expect(judgeCell(guarded, verdictWith([told, finding('host', 'pass')]), passed).state).toBe('inconclusive');
});

test('without a protection it must fail by the finding that is named', () => {
  expect(judgeCell(guarded, lostIs('fail'), passed)).toEqual({ state: 'caught', reason: 'orders.lost is fail.' });
  expect(judgeCell(guarded, lostIs('inconclusive', 'fail'), passed).state).toBe('inconclusive');
});

test('a finding that passes is a miss, whatever else failed', () => {
  expect(judgeCell(guarded, passed, passed)).toEqual({
    state: 'missed',
    reason: 'orders.lost is pass. Nothing else failed either.',
  });
  expect(judgeCell(guarded, lostIs('pass', 'fail'), passed)).toEqual({
    state: 'missed',
    reason: 'orders.lost is pass. The drill failed by recovery.write instead.',
  });
});

test('a finding that fails on the whole platform as well shows nothing', () => {
  expect(judgeCell(guarded, lostIs('fail'), lostIs('fail'))).toEqual({
    state: 'inconclusive',
    reason: 'orders.lost fails on the whole platform too: its failure here shows nothing.',
  });
});

test('a finding that was not judged is told with how the run ended', () => {
  const crashed = verdictWith([finding('run', 'inconclusive')], { status: 'crashed' });
  expect(judgeCell(guarded, crashed, passed)).toEqual({
    state: 'inconclusive',
    reason: 'orders.lost was not judged. run is inconclusive.',
  });
});
