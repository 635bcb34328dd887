import type { ReportInput } from '../../../src/report/report-input.ts';
import { autoscaledCapacity } from './capacity.ts';
import { passingRun } from './runs.ts';
import { at } from './shape.ts';

/** Ten times the traffic and nothing else, which goes back at its end. */
export function noFaultRun(): ReportInput {
  const { plan, verdict, facts } = passingRun();
  if (facts === null) throw new Error('this run has facts');
  return {
    plan: {
      ...plan,
      drill: 'black-friday',
      title: 'Ten times the traffic within half a minute',
      fault: null,
      objectives: { ...plan.objectives, recovery: [], autoscaling: { maxLagMs: 30_000 } },
      samples: plan.samples.filter(({ phase }) => phase !== 'fault'),
    },
    facts: {
      ...facts,
      fault: null,
      timeline: { ...facts.timeline, injectedAtMs: null, disturbedAtMs: at(16), recoveredAtMs: at(57) },
      latency: facts.latency.filter(({ phase }) => phase !== 'fault'),
      recovery: [],
      series: facts.series.map((point) => ({ ...point, errorsPerSecond: 0 })),
      platformEvents: [],
      capacity: autoscaledCapacity(),
      autoscaling: {
        lagMs: 9_000,
        uncertaintyMs: 500,
        observedMs: 41_000,
        podsBefore: 3,
        podsEnough: 6,
        podsMost: 6,
        looks: 82,
        readings: 82,
      },
    },
    verdict: {
      ...verdict,
      drill: 'black-friday',
      fault: null,
      recovery: [],
      latency: verdict.latency.filter(({ phase }) => phase !== 'fault'),
      findings: [
        ...verdict.findings
          .filter(({ id }) => id !== 'fault' && !id.startsWith('recovery'))
          .map((finding) => ({ ...finding, title: withoutFault(finding.title) })),
        {
          id: 'autoscaling',
          title: 'Autoscaling lag',
          outcome: 'pass',
          message:
            'Ready pods were enough 9 s after the peak began (± 500 ms), 6 where there were 3 before; objective 30 s.',
          evidence: { lagMs: 9_000, maxLagMs: 30_000, podsBefore: 3, podsEnough: 6 },
        },
      ],
    },
  };
}

const withoutFault = (title: string): string =>
  title.replace(' before the fault', '').replace('at recovered', 'after the peak');
