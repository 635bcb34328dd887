import type { ReportInput } from '../../../src/report/report-input.ts';
import { autoscaledCapacity } from './capacity.ts';
import { judged, passingRun } from './runs.ts';
import { at } from './shape.ts';

/** Only ten times the traffic, which goes back at its end. */
export function noFaultRun(): ReportInput {
  const { plan, facts } = passingRun();
  return judged(
    {
      ...plan,
      drill: 'black-friday',
      title: 'Ten times the traffic within half a minute',
      fault: null,
      objectives: { ...plan.objectives, recovery: [], autoscaling: { maxLagMs: 30_000 } },
      samples: plan.samples.filter(({ phase }) => phase !== 'fault'),
    },
    {
      ...facts,
      run: { ...facts.run, drill: 'black-friday' },
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
  );
}
