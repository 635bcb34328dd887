import type { Plan } from '../model/plan.ts';

/** A plan in lines for people: what will happen, and what will be judged by how many samples. */
export function describePlan(plan: Plan): string[] {
  const { profile } = plan;
  const seconds = (ms: number) => `${ms / 1000} s`;
  return [
    `${plan.drill}: ${plan.title}`,
    `  target    ${plan.target}${plan.without.length > 0 ? ` without ${plan.without.join(', ')}` : ''}`,
    `  traffic   ${profile.name}: ${profile.baselineRatePerSecond} requests/s for ${seconds(profile.baselineMs)}, to ` +
      `${plan.peakRatePerSecond} in ${seconds(profile.rampMs)}, fault after ${seconds(profile.peakMs)}, then ${seconds(profile.afterFaultMs)} more`,
    `  fault     ${plan.fault.summary}`,
    ...plan.objectives.recovery.map(
      (o, i) => `${i === 0 ? '  recovery  ' : '            '}${o.path} within ${seconds(o.objectiveMs)}`,
    ),
    ...plan.samples.map(
      (s, i) =>
        `${i === 0 ? '  latency   ' : '            '}${s.path} p99 < ${s.limitMs} ms, ${s.phase}: ${s.judged ? 'judged' : 'reported'}, ${s.reason}`,
    ),
  ];
}
