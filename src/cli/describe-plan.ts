import type { Objectives } from '../model/objectives.ts';
import type { Plan } from '../model/plan.ts';
import { calmMs, peakHeldMs } from '../plan/schedule.ts';

/** A plan in lines for people: what will happen, and what will be judged by how many samples. */
export function describePlan(plan: Plan): string[] {
  const { profile } = plan;
  return [
    `${plan.drill}: ${plan.title}`,
    `  target    ${plan.target}${plan.without.length > 0 ? ` without ${plan.without.join(', ')}` : ''}`,
    `  traffic   ${profile.name}: ${profile.baselineRatePerSecond} requests/s for ${seconds(profile.baselineMs)}, to ` +
      `${plan.peakRatePerSecond} in ${seconds(profile.rampMs)}, ${afterwards(plan)}${workersOf(plan)}`,
    `  fault     ${plan.fault?.summary ?? 'none'}`,
    ...list(
      'recovery',
      plan.objectives.recovery.map((o) => `${o.path} within ${seconds(o.objectiveMs)}`),
    ),
    ...list('promises', promisesOf(plan.objectives)),
    ...list(
      'orders',
      plan.readsOrders === false ? ['not read back: nothing will be said of lost or duplicate ones'] : [],
    ),
    ...list(
      'latency',
      plan.samples.map(
        (s) => `${s.path} p99 < ${s.limitMs} ms, ${s.phase}: ${s.judged ? 'judged' : 'reported'}, ${s.reason}`,
      ),
    ),
  ];
}

const workersOf = ({ loadWorkers = 1 }: Plan): string => (loadWorkers > 1 ? `, by ${loadWorkers} k6 processes` : '');

const seconds = (ms: number) => `${ms / 1000} s`;

/** Lines below one label, which stands on the first of them. */
const list = (label: string, lines: string[]): string[] =>
  lines.map((line, index) => `  ${(index === 0 ? label : '').padEnd(10)}${line}`);

function afterwards({ profile, fault }: Plan): string {
  if (fault) return `fault after ${seconds(profile.peakMs)}, then ${seconds(profile.afterFaultMs)} more`;
  return `held for ${seconds(peakHeldMs(profile))}, back in ${seconds(profile.rampMs)}, then ${seconds(calmMs(profile))} more`;
}

/** What is judged besides latency, recovery, orders and the error budget. */
function promisesOf(objectives: Objectives): string[] {
  const { failures = [], refusal, sessions, restarts, availability, untouched, autoscaling } = objectives;
  const lines = failures.map(
    ({ calls, phases, maxFailedRatio }) =>
      `at most ${percent(maxFailedRatio)} of ${calls === 'all' ? 'all calls' : 'the reads'} fail in ${phases.join(', ')}`,
  );
  if (refusal) lines.push(`a write that cannot be served is refused within ${refusal.medianLimitMs} ms (median)`);
  if (sessions) lines.push(`at most ${sessions.maxLost} sessions are lost`);
  if (restarts) lines.push(`at most ${restarts.maxUnattributed} pods end for no known cause`);
  if (availability) lines.push(`at most ${availability.maxUnavailablePods} of the wanted pods are not ready`);
  if (untouched) lines.push(`no pod on ${untouched} nodes ends`);
  if (autoscaling) lines.push(`as many pods as the load asks for within ${seconds(autoscaling.maxLagMs)}`);
  return lines;
}

const percent = (ratio: number): string => `${Number((ratio * 100).toFixed(3))} %`;
