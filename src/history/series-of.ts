import type { Facts } from '../model/facts.ts';
import { isOfOneRun } from '../model/fidelity.ts';
import { type Plan, recoveredAfterMs } from '../model/plan.ts';
import { fingerprint } from '../runtime/files.ts';

/**
 * What has to be the same for two runs to be compared: what is asked of the shop, the kind of platform, and the size of the
 * machine that measures. What may change the shop is not in it: its commit, versions, and the limits of its promises.
 */
export function seriesOf(plan: Plan, { run, host }: Pick<Facts, 'run' | 'host'>): string {
  const { drill, target, profile, checkoutShare, fault, without, scale, loadFrom, loadWorkers } = plan;
  return fingerprint([
    { drill, target, profile, checkoutShare: checkoutShare ?? null },
    { fault: fault?.kind ?? null, way: fault?.way ?? null, without: without.toSorted() },
    { scale: scale?.divisor ?? null, loadFrom: loadFrom ?? 'here', loadWorkers: loadWorkers ?? 1 },
    // Where the phase `recovered` begins.
    { recoveredAfterMs: recoveredAfterMs(plan) },
    { fidelity: run.environment.fidelity.filter((line) => !isOfOneRun(line)).toSorted(), cpuCount: host.cpuCount },
  ]).slice(0, 16);
}
