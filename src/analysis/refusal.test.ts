import { expect, it } from 'vitest';
import type { LaneProbes } from './lane-probes.ts';
import { recoverLane } from './outage.ts';
import { recoveryFacts } from './recovery.ts';
import { refusalFact } from './refusal.ts';

const injectedAtMs = 2_000;
const everyMs = 10;

/** Writes over 12 s; from the injection on, each listed wall time is that of a refusal, every other write is served. */
function refusalOf(wallsMs: number[], firstMs = injectedAtMs) {
  const wallMs = (ms: number) => wallsMs[(ms - firstMs) / everyMs];
  const intendedMs = Array.from({ length: 12_000 / everyMs }, (_, at) => at * everyMs);
  const lane: LaneProbes = {
    lane: 'edge-write-pooled',
    path: 'write',
    via: 'edge',
    replica: '',
    zone: '',
    connection: 'pooled',
    intervalUs: everyMs * 1000,
    intendedUs: intendedMs.map((ms) => ms * 1000),
    sentUs: intendedMs.map((ms) => ms * 1000),
    endUs: intendedMs.map((ms) => (ms + (wallMs(ms) ?? 3)) * 1000),
    failed: intendedMs.map((ms) => wallMs(ms) !== undefined),
  };
  const lanes = [{ lane, ...recoverLane(lane, injectedAtMs * 1000, 12_000_000, Infinity) }];
  return refusalFact(lanes, recoveryFacts(lanes, { lanes: [lane], latenessP99Ms: 0.3 }, [], []), injectedAtMs);
}

it('tells how long the refused waited, the slowest of them too', () => {
  const walls = Array.from({ length: 100 }, (_, at) => (at < 94 ? 20 : 1_900));
  expect(refusalOf(walls)).toEqual({ probes: 1_000, failed: 100, medianMs: 20, p95Ms: 1_900 });
  expect(refusalOf(walls.slice(0, 95))).toMatchObject({ failed: 95, medianMs: 20, p95Ms: 20 });
});

it('counts a stray refusal, which is no outage', () => {
  expect(refusalOf([700], injectedAtMs + 5_000)).toEqual({ probes: 1_000, failed: 1, medianMs: 700, p95Ms: 700 });
});

it('has nothing to tell where nobody was refused', () => {
  expect(refusalOf([])).toEqual({ probes: 1_000, failed: 0, medianMs: null, p95Ms: null });
});
