import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Autoscaler, type AutoscalerRules, type MeasuredPod, podsForLoad } from './autoscaler.ts';

const rules: AutoscalerRules = {
  minPods: 3,
  maxPods: 8,
  targetRatio: 0.7,
  tolerance: 0.1,
  up: { stabilisationMs: 2_500, periodMs: 5_000, podsPerPeriod: 2 },
  down: { stabilisationMs: 25_000, periodMs: 5_000, podsPerPeriod: 1 },
};
const periodMs = 1_250;

const using = (...ratios: number[]): MeasuredPod[] => ratios.map((cpuRatio) => ({ ready: true, cpuRatio }));
const starting: MeasuredPod = { ready: false, cpuRatio: null };
const unknown: MeasuredPod = { ready: true, cpuRatio: null };

describe('the pods that a load calls for', () => {
  test.each([
    ['as many as make the mean use the target', using(1.4, 1.4, 1.4), 6],
    ['rounded up', using(0.9, 0.9, 0.9), 4],
    ['fewer when they are idle', using(0.2, 0.2, 0.2, 0.2, 0.2), 2],
    ['the same within the tolerance', using(0.76, 0.76, 0.76), 3],
    ['the same when nothing is known', [unknown, starting], 2],
    ['no more when pods that start will take enough of it', [...using(1, 1, 1), starting, starting], 5],
    ['more when even pods that start will not do', [...using(2.1, 2.1, 2.1), starting, starting], 9],
    ['not fewer for pods of which nothing is known', [...using(0.2, 0.2), unknown, unknown, unknown], 5],
  ])('are %s', (_, pods, expected) => {
    expect(podsForLoad(pods, rules)).toBe(expected);
  });

  const anyPod = fc.record({ ready: fc.boolean(), cpuRatio: fc.option(fc.double({ min: 0, max: 10, noNaN: true })) });
  const anyPods = fc.array(anyPod, { minLength: 1, maxLength: 10 });

  test('never get fewer when one pod uses more', () => {
    fc.assert(
      fc.property(anyPods, fc.nat(9), fc.double({ min: 0, max: 5, noNaN: true }), (pods, index, more) => {
        const busier = pods.map((pod, at) =>
          at === index && pod.cpuRatio !== null ? { ...pod, cpuRatio: pod.cpuRatio + more } : pod,
        );
        expect(podsForLoad(busier, rules)).toBeGreaterThanOrEqual(podsForLoad(pods, rules));
      }),
    );
  });

  test('would use the target, give or take the tolerance, if the load were spread over them', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.01, max: 10, noNaN: true }), { minLength: 1 }), (ratios) => {
        const load = ratios.reduce((sum, ratio) => sum + ratio, 0);
        const wanted = podsForLoad(using(...ratios), rules);
        expect(load / wanted).toBeLessThanOrEqual(0.77 + 1e-9);
        if (wanted > 1) expect(load / (wanted - 1)).toBeGreaterThan(0.62);
      }),
    );
  });
});

/** An autoscaler whose pods follow it at once. `load` is in units of pods that use all they request. */
function startAutoscaler() {
  const autoscaler = new Autoscaler(rules);
  let nowMs = 0;
  const pass = (ms: number, load: number) => {
    const wanted: number[] = [];
    for (const end = nowMs + ms; nowMs < end; ) {
      nowMs += periodMs;
      const ratio = load / autoscaler.wanted;
      wanted.push(autoscaler.judge(nowMs, using(...Array(autoscaler.wanted).fill(ratio))));
    }
    return wanted;
  };
  return { autoscaler, pass };
}

describe('over time', () => {
  test('two pods are added a period, once they were wanted throughout the stabilisation', () => {
    const { pass } = startAutoscaler();
    pass(10_000, 1.5);
    expect(pass(12_500, 5.5)).toEqual([3, 5, 5, 5, 5, 7, 7, 7, 7, 8]);
  });

  test('a short peak adds none', () => {
    const { pass } = startAutoscaler();
    pass(10_000, 1.5);
    pass(periodMs, 5);
    expect(new Set(pass(30_000, 1.5))).toEqual(new Set([3]));
  });

  test('pods are taken away one a period, behind the stabilisation, down to the minimum', () => {
    const { autoscaler, pass } = startAutoscaler();
    pass(15_000, 4);
    expect(autoscaler.wanted).toBe(6);
    expect(new Set(pass(25_000 - periodMs, 0.5))).toEqual(new Set([6]));
    expect(pass(15_000, 0.5)).toEqual([5, 5, 5, 5, 4, 4, 4, 4, 3, 3, 3, 3]);
  });

  test('whatever the load, limits and pace are kept', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { maxLength: 60 }), (loads) => {
        const { pass } = startAutoscaler();
        const wanted = loads.flatMap((load) => pass(periodMs, load));
        const perPeriod = rules.up.periodMs / periodMs;
        for (const [index, pods] of wanted.entries()) {
          expect(pods).toBeGreaterThanOrEqual(rules.minPods);
          expect(pods).toBeLessThanOrEqual(rules.maxPods);
          const before = wanted[index - perPeriod] ?? rules.minPods;
          expect(pods - before).toBeLessThanOrEqual(2);
          expect(before - pods).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
