import type { LaneFact, RecoveryFact } from '../../../src/model/facts.ts';
import { replica, withBounds } from '../test-drill.ts';
import { at, injectedS, observedMs, type Shape } from './shape.ts';

const instant = (sinceInjectionMs: number | null): number | null =>
  sinceInjectionMs === null ? null : at(injectedS) + sinceInjectionMs;

/** Writes are away until the shape's recovery; reads for less than a second. */
export function recoveryOf({ recoveryS }: Shape): RecoveryFact[] {
  const actualMs = recoveryS === null ? null : recoveryS * 1000;
  const replicas = [
    replica({ replica: 'api-7f9c-a1', zone: 'zone-a', actualMs: 5634.5, observedMs }),
    replica({ replica: 'api-7f9c-b1', zone: 'zone-b', actualMs: 5911.2, observedMs }),
    replica({ replica: 'api-7f9c-c1', zone: 'zone-c', actualMs, observedMs }),
  ];
  return [
    withBounds({
      ...outage('write', 142, actualMs),
      badMs: (actualMs ?? observedMs) - 142,
      flaps: actualMs === null ? 3 : 0,
      performanceRestoredMs: actualMs === null ? null : actualMs + 890,
      phases: [
        { name: 'first client error', startMs: 0, endMs: 142 },
        { name: 'detection', startMs: 142, endMs: 611 },
        { name: 'promotion', startMs: 611, endMs: 2107 },
        { name: 'endpoint flip', startMs: 2107, endMs: 5122 },
        { name: 'first acknowledged write', startMs: 5122, endMs: 5634.5 },
        ...(actualMs === null ? [] : [{ name: 'pools full', startMs: 5634.5, endMs: actualMs }]),
      ],
      lanes: [
        laneOf('edge-write-pooled', 10, actualMs),
        laneOf('edge-write-new', 80, actualMs === null ? null : actualMs - 320),
      ],
      replicas,
    }),
    withBounds({ ...outage('read', 139, 811.4), badMs: 640, flaps: 1, performanceRestoredMs: 1290 }),
  ];
}

const outage = (path: RecoveryFact['path'], startMs: number, actualMs: number | null) => ({
  path,
  outage: true,
  recovered: actualMs !== null,
  outageStartMs: instant(startMs),
  outageEndMs: instant(actualMs),
  uncertaintyMs: 10,
  serviceRestoredMs: actualMs,
  observedMs,
  phases: [],
  replicas: [],
  ready: null,
  probes: 22_104,
  unserved: 640,
});

const laneOf = (lane: string, intervalMs: number, actualMs: number | null): LaneFact => ({
  lane,
  connection: lane.endsWith('new') ? 'new' : 'pooled',
  intervalMs,
  outageStartMs: instant(142),
  startUncertaintyMs: intervalMs,
  outageEndMs: instant(actualMs),
  serviceRestoredMs: actualMs,
  performanceRestoredMs: actualMs,
  uncertaintyMs: intervalMs,
  badMs: (actualMs ?? observedMs) - 142,
  flaps: 0,
  probes: Math.round(observedMs / intervalMs),
});
