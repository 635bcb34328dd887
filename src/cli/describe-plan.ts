import type { Plan } from '../model/plan.ts';
import { conditionText } from '../model/stop.ts';
import { calmMs, peakHeldMs } from '../plan/schedule.ts';
import { plannedPromises } from '../verdict/checkers.ts';

/** A plan in lines for people: what will happen, and what will be judged by how many samples. */
export function describePlan(plan: Plan): string[] {
  const { profile } = plan;
  return [
    `${plan.drill}: ${plan.title}`,
    `  target    ${plan.target}${plan.without.length > 0 ? ` without ${plan.without.join(', ')}` : ''}`,
    `  traffic   ${profile.name}: ${trafficOf(plan)}${workersOf(plan)}`,
    ...list('sentinel', sentinelLines(plan)),
    ...(plan.scale ? [`  scale     1:${plan.scale.divisor} of the reference platform: ${plan.scale.because}`] : []),
    `  fault     ${plan.fault?.summary ?? 'none'}${plan.fault?.way ? `, by ${plan.fault.way}` : ''}`,
    ...list(
      'stops',
      (plan.stopWhen ?? []).map((condition) => `when ${conditionText(condition)}`),
    ),
    ...list('promises', plannedPromises(plan)),
    ...list('runbook', plan.runbook ? [plan.runbook.file] : []),
    ...list('orders', plan.readsOrders === false ? ['not read back: lost and duplicate orders are not judged'] : []),
  ];
}

function trafficOf(plan: Plan): string {
  const { baselineRatePerSecond, baselineMs, rampMs, peakMs, steps } = plan.profile;
  const first = `${baselineRatePerSecond} requests/s for ${seconds(baselineMs)}`;
  if (steps)
    return `${first}, then ${steps.join(', ')} times that, each for ${seconds(peakMs)}, until the shop, the load side or this machine gives way`;
  return `${first}, to ${plan.peakRatePerSecond} in ${seconds(rampMs)}, ${afterwards(plan)}`;
}

function workersOf({ loadWorkers = 1, loadFrom }: Plan): string {
  if (loadFrom === 'cluster') return `, by k6 in ${loadWorkers} pods of the cluster`;
  return loadWorkers > 1 ? `, by ${loadWorkers} k6 processes` : '';
}

function sentinelLines({ sentinel }: Plan): string[] {
  if (!sentinel) return [];
  const { zone, atRisk } = sentinel;
  return [
    `in a pod of the cluster${zone === null ? '' : `, in zone ${zone}`}`,
    ...(atRisk === undefined ? [] : [`${atRisk}: then nothing is known of the recovery of what it probes`]),
  ];
}

const seconds = (ms: number) => `${ms / 1000} s`;

/** Lines below one label, which stands on the first of them. */
export const list = (label: string, lines: readonly string[]): string[] =>
  lines.map((line, index) => `  ${(index === 0 ? label : '').padEnd(10)}${line}`);

function afterwards({ profile, fault }: Plan): string {
  if (fault) return `fault after ${seconds(profile.peakMs)}, then ${seconds(profile.afterFaultMs)} more`;
  return `held for ${seconds(peakHeldMs(profile))}, back in ${seconds(profile.rampMs)}, then ${seconds(calmMs(profile))} more`;
}
