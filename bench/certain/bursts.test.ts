import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../scenarios/traffic/random.ts';
import { type Burst, drawBursts } from './bursts.ts';

const first = (count: number, seed: number, cpuCount: number): Burst[] =>
  drawBursts(seededRandom(seed), cpuCount).take(count).toArray();

describe('the noisy neighbour', () => {
  it.each([1, 2, 4])(
    'takes at most a third of the CPU time of %d cores in any ten seconds, and at times nearly that',
    (cpus) => {
      let most = 0;
      let [burnt, wall] = [0, 0];
      const edges: { at: number; burnt: number }[] = [{ at: 0, burnt: 0 }];
      for (const { restMs, burstMs } of first(5_000, 7, cpus)) {
        expect(burstMs).toBeGreaterThanOrEqual(200);
        expect(burstMs).toBeLessThanOrEqual(3_000);
        edges.push({ at: wall + restMs, burnt });
        wall += restMs + burstMs;
        burnt += burstMs;
        edges.push({ at: wall, burnt });
      }
      // The fullest window ends where a burst ends.
      const burntBy = (at: number): number => {
        const next = edges.findIndex((edge) => edge.at >= at);
        const [before, after] = [edges[next - 1], edges[next]];
        if (before === undefined || after === undefined) return 0;
        return before.burnt + ((after.burnt - before.burnt) * (at - before.at)) / (after.at - before.at);
      };
      for (const { at, burnt } of edges.slice(-2_000)) most = Math.max(most, burnt - burntBy(at - 10_000));
      const share = most / 10_000 / cpus;
      expect(share).toBeLessThanOrEqual(1 / 3 + 1e-9);
      expect(share).toBeGreaterThan(cpus === 4 ? 0.2 : 0.3);
    },
  );

  it('is the same for the same seed, and another one for another', () => {
    expect(first(9, 3, 2)).toEqual(first(9, 3, 2));
    expect(first(9, 3, 2)).not.toEqual(first(9, 4, 2));
  });
});
