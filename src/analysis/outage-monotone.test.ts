import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LaneProbes } from './lane-probes.ts';
import { recoverLane } from './outage.ts';

const second = 1_000_000;
const intervalUs = 50_000;
const observedUs = 60 * second;
const injectedUs = 10 * second;

/** A stretch of probes, or every second or third of them, that go wrong in some way. */
const spells = fc.array(
  fc.record({
    kind: fc.constantFrom('fails', 'slow', 'held', 'unsent', 'late'),
    from: fc.integer({ min: 100, max: 1_190 }),
    length: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 100 })),
    each: fc.integer({ min: 1, max: 3 }),
    byUs: fc.integer({ min: 20_000, max: 1_900_000 }),
  }),
  { maxLength: 6 },
);
const walls = fc.array(fc.integer({ min: 1_000, max: 60_000 }), { minLength: 7, maxLength: 23 });
/** Slower by this much, or, without a number, failed. */
const changes = fc.array(
  fc.record({ probe: fc.nat(10_000), byUs: fc.option(fc.integer({ min: 1, max: 2 * second })) }),
  { minLength: 1, maxLength: 4 },
);

type Drawn<T> = T extends fc.Arbitrary<infer Value> ? Value : never;

function laneOf(drawn: Drawn<typeof spells>, wallsUs: number[]): LaneProbes {
  const probes = Array.from({ length: observedUs / intervalUs }, (_, number) => {
    const intendedUs = number * intervalUs;
    const spell = drawn.find(
      ({ from, length, each }) => number >= from && number < from + length && number % each === 0,
    );
    const is = (kind: string) => spell?.kind === kind;
    const sentUs = intendedUs + (is('late') ? (spell?.byUs ?? 0) : 0);
    const wallUs = (wallsUs[number % wallsUs.length] as number) + (is('slow') ? (spell?.byUs ?? 0) : 0);
    const heldUntilUs = spell && is('held') ? (spell.from + spell.length) * intervalUs : 0;
    return {
      intendedUs,
      sentUs,
      endUs: Math.max(heldUntilUs, sentUs + wallUs),
      failed: is('fails'),
      isSent: !is('unsent'),
    };
  }).filter(({ isSent }) => isSent);
  return {
    lane: 'edge-write-pooled',
    path: 'write',
    via: 'edge',
    replica: '',
    zone: '',
    connection: 'pooled',
    intervalUs,
    intendedUs: probes.map(({ intendedUs }) => intendedUs),
    sentUs: probes.map(({ sentUs }) => sentUs),
    endUs: probes.map(({ endUs }) => endUs),
    failed: probes.map(({ failed }) => failed),
  };
}

function worse(lane: LaneProbes, drawn: Drawn<typeof changes>): LaneProbes {
  const after = lane.intendedUs.findIndex((us) => us >= injectedUs);
  const [endUs, failed] = [[...lane.endUs], [...lane.failed]];
  for (const { probe, byUs } of drawn) {
    const at = after + (probe % (endUs.length - after));
    if (byUs === null) failed[at] = true;
    else endUs[at] = (endUs[at] as number) + byUs;
  }
  return { ...lane, endUs, failed };
}

/** The higher, the worse. */
function ranksOf(lane: LaneProbes) {
  const recovery = recoverLane(lane, injectedUs, observedUs, 200_000);
  const never = Infinity;
  return {
    serviceRestored: recovery.serviceRestoredUs ?? never,
    performanceRestored: recovery.performanceRestoredUs ?? never,
    outageEnd: recovery.outage ? (recovery.outageEndUs ?? never) : 0,
    degradedEnd: recovery.degraded ? (recovery.degraded.endUs ?? never) : 0,
    badUs: recovery.badUs,
    unserved: recovery.unserved,
    serviceAtLeast: recovery.serviceAtLeastUs,
    performanceAtLeast: recovery.performanceAtLeastUs,
    notRecovered: recovery.recovered ? 0 : 1,
  };
}

it('a probe that is slower or fails makes nothing better', () => {
  fc.assert(
    fc.property(spells, walls, changes, (drawnSpells, wallsUs, drawnChanges) => {
      const lane = laneOf(drawnSpells, wallsUs);
      const [before, now] = [ranksOf(lane), ranksOf(worse(lane, drawnChanges))];
      expect(now.performanceRestored).toBeGreaterThanOrEqual(now.serviceRestored);
      for (const what of Object.keys(before) as (keyof typeof before)[])
        expect(now[what], what).toBeGreaterThanOrEqual(before[what]);
    }),
    { numRuns: 500 },
  );
});
