import { describe, expect, it } from 'vitest';
import { findingOf, good, plan, recovery, replica, unproven } from '../../tests/support/test-drill.ts';
import type { Facts, ReplicaFact } from '../model/facts.ts';
import type { Finding } from '../model/verdict.ts';
import { judge } from './judge.ts';

const of = (replicas: ReplicaFact[], some: Partial<Facts> = {}): Finding =>
  findingOf('recovery.replicas', { recovery: [recovery('write', { replicas })], ...some });
const b = (some: Partial<ReplicaFact>) => replica({ replica: 'b', ...some });
const away = { actualMs: null };
const gone = { actualMs: null, takenAway: 'spot interruption of i-1' };

describe('replicas', () => {
  // The objective is 30 s, and recovery is uncertain by 10 ms.
  it.each<[string, Partial<ReplicaFact>, Finding['outcome']]>([
    ['serves again in time', { actualMs: 29_990 }, 'pass'],
    ['serves again too close to the objective', { actualMs: 30_005 }, 'inconclusive'],
    ['serves again too late', { actualMs: 30_011 }, 'fail'],
    ['stays away', away, 'fail'],
    ['stays away, watched for less than the objective', { ...away, observedMs: 29_000 }, 'inconclusive'],
    ['was not probed all along', { ...away, sentShare: 0.94 }, 'inconclusive'],
    ['was taken away by the platform', gone, 'pass'],
  ])('of which one %s', (_, some, outcome) => {
    expect(of([replica(), b(some)]).outcome).toBe(outcome);
  });

  it('that stay away are named, and fail the drill though the shop is back', () => {
    const facts = { ...good, recovery: [recovery('write', { replicas: [replica(), b(away)] }), recovery('shop')] };
    const { outcome, findings } = judge(facts, plan);
    expect(outcome).toBe('fail');
    expect(findings.find(({ id }) => id === 'recovery.write')?.outcome).toBe('pass');
    expect(findings.find(({ id }) => id === 'recovery.replicas')).toMatchObject({
      message: 'b did not serve again within 40 s; objective 30 s.',
      evidence: { inService: 2, takenAway: 0, notBack: 'b', unknown: '', slowestMs: null, objectiveMs: 30_000 },
    });
  });

  it('that are all back are told with the slowest', () => {
    expect(of([replica(), b({ actualMs: 6_000 }), replica({ replica: 'c', ...gone })])).toMatchObject({
      message: 'All 2 replicas in service serve again; objective 30 s.',
      evidence: { inService: 2, takenAway: 1, slowestMs: 6_000 },
    });
  });

  it('of which none stayed in service prove nothing', () => {
    expect(of([replica(gone)])).toMatchObject({
      outcome: 'inconclusive',
      message: expect.stringMatching('None of 1 replica stayed in service'),
    });
  });

  it('are judged by the tightest objective of a path that they were probed for', () => {
    const slow = [replica({ actualMs: 32_000 })];
    const none = { replicas: [] };
    const outcomeOf = (facts: Partial<Facts>) => findingOf('recovery.replicas', facts).outcome;
    expect(outcomeOf({ recovery: [recovery('write', none), recovery('shop', { replicas: slow })] })).toBe('pass');
    expect(outcomeOf({ recovery: [recovery('write', { replicas: slow }), recovery('shop', { replicas: slow })] })).toBe(
      'fail',
    );
  });

  it('that were to be probed and were not are unknown, and have no finding where nobody was to probe them', () => {
    const facts = { ...good, recovery: [recovery('write', { replicas: [] }), recovery('shop', { replicas: [] })] };
    expect(judge(facts, plan).findings.some(({ id }) => id === 'recovery.replicas')).toBe(false);
    const { findings, outcome } = judge(facts, { ...plan, probesReplicas: true });
    expect(outcome).toBe('inconclusive');
    expect(findings.find(({ id }) => id === 'recovery.replicas')).toMatchObject({
      outcome: 'inconclusive',
      message: 'No replica was probed directly, so nothing is known about each one.',
    });
  });

  it('are told, not judged, by an objective that the profile cannot miss', () => {
    const objectives = { recovery: [{ path: 'write' as const, objectiveMs: 40_000 }] };
    expect(findingOf('recovery.replicas', {}, objectives).outcome).toBeNull();
    const stays = { recovery: [recovery('write', { replicas: [b(away)] })] };
    expect(findingOf('recovery.replicas', stays, objectives).outcome).toBe('inconclusive');
  });

  it('pass only with proof of a fault and undoubted probes, and fail all the same', () => {
    const problems: Facts['problems'] = [{ about: 'recovery', message: 'a lane fell silent' }];
    for (const doubt of [unproven, { problems }]) {
      expect(of([replica()], doubt).outcome).toBe('inconclusive');
      expect(of([b(away)], doubt).outcome).toBe('fail');
    }
  });
});
