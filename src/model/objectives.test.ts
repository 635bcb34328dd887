import { describe, expect, it } from 'vitest';
import { objectivesOn } from './objectives.ts';

const errorBudget = { objective: 0.9995, windowDays: 30, maxBurnedRatio: 0.23 };

describe('recovery objectives', () => {
  const stated = {
    latency: [],
    errorBudget,
    recovery: [
      { path: 'read' as const, objectiveMs: 5_000 },
      { path: 'shop' as const, objectiveMs: { platformMs: 300_000 } },
    ],
    byNotReady: {
      errorBudget: { ...errorBudget, maxBurnedRatio: 0.58 },
      recovery: [{ path: 'read' as const, objectiveMs: { platformMs: 60_000, wallMs: 8_000 } }],
    },
  };

  it("are in the target's time", () => {
    expect(objectivesOn(stated, { timeScale: 3 }).recovery).toEqual([
      { path: 'read', objectiveMs: 5_000 },
      { path: 'shop', objectiveMs: 100_000 },
    ]);
  });

  it('are others where only NotReady tells that pods are gone, and all else stays', () => {
    const objectives = objectivesOn(stated, { timeScale: 3, missing: 'by-not-ready' });
    expect(objectives).toEqual({
      latency: [],
      errorBudget: { ...errorBudget, maxBurnedRatio: 0.58 },
      recovery: [{ path: 'read', objectiveMs: 28_000 }],
    });
  });
});
