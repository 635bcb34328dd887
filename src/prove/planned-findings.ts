import type { Plan } from '../model/plan.ts';

/** The ids of the findings by which a run of this plan will be judged, whatever it measures. */
export function plannedFindings({ objectives, fault, samples }: Plan): string[] {
  const { recovery, failures = [], untouched } = objectives;
  const optional = {
    refusal: objectives.refusal,
    sessions: objectives.sessions,
    restarts: objectives.restarts,
    'pods-available': objectives.availability,
    autoscaling: objectives.autoscaling,
  };
  return [
    'peak-reached',
    ...(fault === null ? [] : ['fault-bit', ...recovery.map(({ path }) => `recovery.${path}`)]),
    ...samples.filter(({ judged }) => judged).map(({ path, phase }) => `latency.${path}.${phase}`),
    ...failures.flatMap(({ calls, phases }) => phases.map((phase) => `failures.${calls}.${phase}`)),
    'orders.lost',
    'orders.duplicated',
    'orders.unexpected',
    'error-budget',
    ...Object.entries(optional).flatMap(([id, objective]) => (objective === undefined ? [] : [id])),
    ...(untouched === undefined ? [] : [`untouched.${untouched}`]),
    'host',
  ];
}
