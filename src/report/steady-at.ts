import type { Facts } from '../model/facts.ts';

/**
 * When the shop was seen to be well again: as all of its probed paths were. null where one was not, or where there was no
 * outage. Without a fault: when the traffic started to go back.
 */
export function steadyAtMs({ recovery, timeline }: Facts): number | null {
  const { injectedAtMs, recoveredAtMs } = timeline;
  if (injectedAtMs === null) return recoveredAtMs;
  const probed = recovery.filter(({ path }) => path !== 'pods' && path !== 'nodes');
  if (!probed.some(({ outage }) => outage) || !probed.every(({ recovered }) => recovered)) return null;
  return injectedAtMs + Math.max(...probed.map(restoredMs));
}

/** The whole shop is back when it is as fast as promised again. */
const restoredMs = ({ path, serviceRestoredMs, performanceRestoredMs }: Facts['recovery'][number]): number =>
  Math.max(serviceRestoredMs ?? 0, path === 'shop' ? (performanceRestoredMs ?? 0) : 0);
