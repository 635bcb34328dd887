import type { Observation } from '../model/evidence.ts';
import { ofKind } from './observations.ts';

/**
 * How far a pod's clock was from ours at most: what all measurements allow, as it does not step by itself; or, where that is nothing, so that
 * it was stepped, what any of them allows. null without any.
 */
export function clockOff(observations: Observation[], pod: string): number | null {
  const clocks = ofKind(observations, 'load-clock').filter((one) => one.pod === pod);
  if (clocks.length === 0) return null;
  const lows = clocks.map(({ offsetMs, uncertaintyMs }) => offsetMs - uncertaintyMs);
  const highs = clocks.map(({ offsetMs, uncertaintyMs }) => offsetMs + uncertaintyMs);
  const [low, high] = [Math.max(...lows), Math.min(...highs)];
  return low <= high ? Math.max(Math.abs(low), Math.abs(high)) : Math.max(...[...lows, ...highs].map(Math.abs));
}
