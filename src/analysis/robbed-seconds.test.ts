import { describe, expect, it } from 'vitest';
import type { LaneProbes } from './lane-probes.ts';
import { robbedSeconds } from './robbed-seconds.ts';

/** A look at the turn of each second, a few milliseconds late as timers are. */
const look = (second: number, some: { stealRatio?: number | null; neighbourRatio?: number | null } = {}) => ({
  atMs: (second + 1) * 1_000 + 3,
  stealRatio: 0,
  neighbourRatio: 0,
  ...some,
});
const calm = [100, 101, 102, 103, 104, 105].map((second) => look(second));
const withLook = (at: number, some: Parameters<typeof look>[1]) =>
  calm.map((one, index) => (index + 100 === at ? look(at, some) : one));

/** Probes every 10 ms from second 100 on, for six seconds; each of them late by this many milliseconds. */
function lane(lateMsAt: (ms: number) => number): LaneProbes {
  const intendedUs = Array.from({ length: 600 }, (_, index) => (100_000 + index * 10) * 1_000);
  const sentUs = intendedUs.map((us) => us + lateMsAt(us / 1_000) * 1_000);
  return {
    lane: 'edge-read-pooled',
    path: 'read',
    via: 'edge',
    replica: '',
    zone: '',
    connection: 'pooled',
    intervalUs: 10_000,
    intendedUs,
    sentUs,
    endUs: sentUs,
    failed: intendedUs.map(() => false),
  };
}
const inTime = lane(() => 1);

describe('robbed seconds', () => {
  it('are none on a calm host, and none where nothing is known', () => {
    expect(robbedSeconds(calm, [inTime], [])).toEqual([]);
    const blind = calm.map((one) => ({ ...one, stealRatio: null, neighbourRatio: null }));
    expect(robbedSeconds(blind, [], [])).toEqual([]);
    // As in evidence from before the neighbours were counted.
    expect(robbedSeconds([{ atMs: 101_000, stealRatio: 0 }], [], [])).toEqual([]);
  });

  it.each([
    ['stolen', { stealRatio: 0.06 }],
    ['neighbour', { neighbourRatio: 0.4 }],
    ['stolen', { stealRatio: 0.06, neighbourRatio: 0.4 }],
  ] as const)('%s: the second of which the look tells, and the one in which its queue drains', (because, some) => {
    expect(robbedSeconds(withLook(102, some), [inTime], [])).toEqual([
      { atMs: 102_000, because },
      { atMs: 103_000, because },
    ]);
  });

  it('are all that a look covers which itself came late, and each once', () => {
    const looks = [look(100), { ...look(103), neighbourRatio: 0.4 }, { ...look(104), stealRatio: 0.2 }, look(105)];
    expect(robbedSeconds(looks, [], [])).toEqual([
      { atMs: 101_000, because: 'neighbour' },
      { atMs: 102_000, because: 'neighbour' },
      { atMs: 103_000, because: 'neighbour' },
      { atMs: 104_000, because: 'stolen' },
      { atMs: 105_000, because: 'stolen' },
    ]);
  });

  it('are those in which the sentinel stood still, by when its probes were due', () => {
    const stalledAt = (fromMs: number, ms: number) =>
      lane((at) => (at >= fromMs && at < fromMs + ms ? fromMs + ms - at : 0));
    expect(robbedSeconds(calm, [stalledAt(102_300, 60)], [])).toEqual([]);
    expect(robbedSeconds(calm, [stalledAt(102_300, 90)], [])).toEqual([
      { atMs: 102_000, because: 'late' },
      { atMs: 103_000, because: 'late' },
    ]);
  });

  it('are those in which k6 stood still, as much of them as its waits were late', () => {
    expect(robbedSeconds(calm, [], [{ dueMs: 102_300, endMs: 102_360 }])).toEqual([]);
    expect(robbedSeconds(calm, [], [{ dueMs: 102_900, endMs: 103_300 }]).map(({ atMs }) => atMs)).toEqual([
      102_000, 103_000, 104_000,
    ]);
  });

  it('do not depend on the order of the lanes or on how probes fared', () => {
    const late = lane((at) => (at >= 101_000 && at < 102_000 ? 30 : 0));
    const failed = { ...late, failed: late.failed.map(() => true), endUs: late.endUs.map((us) => us + 2e6) };
    const expected = robbedSeconds(calm, [late, inTime], []);
    expect(expected).toHaveLength(2);
    expect(robbedSeconds(calm, [inTime, failed], [])).toEqual(expected);
  });
});
