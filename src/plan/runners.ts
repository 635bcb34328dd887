import type { Plan } from '../model/plan.ts';

/** Of one pod: half of what k6 sends from a core with every sample written out. */
const ratePerRunner = 1_000;
/** With one of them lost, there is still a load. */
const leastRunners = 2;

/** Processes that share a load, or pods: as many as were asked for, or as the peak needs. */
export function workersOf(
  peakRatePerSecond: number,
  asked: number | undefined,
  loadFrom: Plan['loadFrom'],
): Pick<Plan, 'loadWorkers' | 'loadFrom'> {
  if (loadFrom === undefined) return asked !== undefined && asked > 1 ? { loadWorkers: asked } : {};
  const loadWorkers = asked ?? Math.max(leastRunners, Math.ceil(peakRatePerSecond / ratePerRunner));
  return { loadWorkers, loadFrom };
}
