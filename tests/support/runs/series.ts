import type { SeriesPoint } from '../../../src/model/facts.ts';
import { at, endS, injectedS, type Shape } from './shape.ts';

/** One point per second; writes fail during the outage, pile up as they return, and one second is missing. */
export function seriesOf({ recoveryS, checkoutP99Ms }: Shape): SeriesPoint[] {
  const outageEndS = injectedS + (recoveryS ?? 40);
  return Array.from({ length: endS }, (_, second) => {
    const wobble = Math.sin(second * 2.3) * 0.5 + Math.sin(second * 0.71) * 0.5;
    const planned = second < 8 ? 64 : second < 16 ? 64 + (576 * (second - 8)) / 8 : 640;
    const outage = second >= Math.floor(injectedS) && second < outageEndS;
    const settling = second >= outageEndS && second < outageEndS + 2;
    const load = planned / 640;
    const calm = checkoutP99Ms * (0.17 + 0.32 * load) * (1 + wobble * 0.14);
    return {
      atMs: at(second),
      ratePerSecond: Math.round(planned * (1 + wobble * 0.012)),
      errorsPerSecond: outage ? Math.round(26 + wobble * 7) : settling ? 4 : 0,
      p50Ms: outage ? 7.2 + wobble : 5.1 + 6 * load + wobble,
      p95Ms: outage ? 640 + wobble * 90 : calm * 0.4,
      p99Ms: outage ? 3004 + wobble * 20 : settling ? 512 : calm,
    };
  }).filter((_, second) => second !== 52);
}
