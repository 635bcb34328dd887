import { describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/model/exit-codes.ts';
import type { Outcome, RunStatus } from '../../src/model/verdict.ts';
import { type End, liesOf, type ToldRun } from './lies.ts';
import type { Round } from './rounds.ts';

const run = (status: RunStatus, outcome: Outcome): ToldRun => ({ name: 'shop/1', verdict: { status, outcome } });
const exit = (code: number): End => ({ code, signal: null });
const byKill: End = { code: null, signal: 'SIGKILL' };
type Blow = Pick<Round, 'way' | 'victim' | 'reach'>;
const blow = (way: Round['way'], victim: Round['victim'] = 'harness'): Blow => ({ way, victim, reach: 'alone' });

describe('a drill that was killed', () => {
  test('has crashed, whatever its load was like', () => {
    expect(liesOf(blow('SIGKILL'), 'fault', byKill, [run('crashed', 'inconclusive')])).toEqual([]);
    expect(liesOf(blow('SIGKILL'), 'fault', byKill, [run('completed', 'inconclusive')])).toEqual([
      'run shop/1 says completed, not crashed',
    ]);
    expect(liesOf(blow('SIGKILL'), 'fault', byKill, [run('crashed', 'pass')])).toEqual(['run shop/1 says pass']);
  });

  test('may have been over when it was', () => {
    expect(liesOf(blow('SIGKILL'), 'judging', byKill, [run('completed', 'pass')])).toEqual([]);
  });

  test('has said so from its first moment, or has no run', () => {
    expect(liesOf(blow('SIGKILL'), 'begin', byKill, [])).toEqual([]);
    expect(liesOf(blow('SIGKILL'), 'begin', byKill, [{ name: 'shop/1', verdict: null }])).toEqual([
      'run shop/1 has no verdict',
    ]);
  });
});

describe('a drill that was told to end', () => {
  test('was interrupted, and its exit code says that', () => {
    expect(liesOf(blow('SIGTERM'), 'traffic', exit(exitCodes.stopped), [run('interrupted', 'inconclusive')])).toEqual(
      [],
    );
    expect(liesOf(blow('SIGHUP', 'npm'), 'traffic', exit(0), [run('completed', 'pass')])).toHaveLength(1);
    expect(liesOf(blow('SIGTERM'), 'traffic', exit(2), [run('interrupted', 'inconclusive')])).toEqual([
      'exit code 2, but the verdict is interrupted, inconclusive',
    ]);
  });

  test('may have had its end already', () => {
    expect(liesOf(blow('SIGTERM'), 'collect', exit(0), [run('completed', 'pass')])).toEqual([]);
  });

  test('goes on when the signal means nothing to it, or nobody reads', () => {
    for (const way of ['SIGPIPE', 'output-closed'] as const) {
      expect(liesOf(blow(way), 'traffic', exit(0), [run('completed', 'pass')])).toEqual([]);
      expect(liesOf(blow(way), 'traffic', exit(2), [run('crashed', 'inconclusive')])).toHaveLength(1);
    }
  });
});

test('a drill that lost an instrument, or the platform, has not passed', () => {
  for (const victim of ['k6', 'sentinel', 'region'] as const)
    expect(liesOf(blow('SIGKILL', victim), 'fault', exit(2), [run('crashed', 'inconclusive')])).toEqual([]);
  expect(liesOf(blow('SIGTERM', 'sentinel'), 'fault', exit(0), [run('completed', 'pass')])).toHaveLength(1);
  expect(liesOf(blow('api-lost', null), 'fault', exit(0), [run('completed', 'pass')])).toEqual([
    'run shop/1 says pass',
  ]);
  expect(liesOf(blow('api-lost', null), 'fault', exit(5), [run('crashed', 'inconclusive')])).toEqual([]);
});

test('a bug is a lie, and so is a pass without a run', () => {
  expect(liesOf(blow('disk-full', null), 'fault', exit(exitCodes.bug), [run('crashed', 'inconclusive')])).toEqual([
    'exit code 70, as if this was a bug',
  ]);
  expect(liesOf(blow('SIGTERM'), 'begin', exit(0), [])).toEqual(['exit code 0 without a run']);
});
