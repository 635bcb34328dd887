import type { FiredAlert } from '../analysis/live-alerts.ts';
import type { Observation } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import type { Verdict } from '../model/verdict.ts';

/** Something that happened in a drill, in words. */
export interface DrillEvent {
  atMs: number;
  name: string;
  severity: 'info' | 'warning' | 'error';
  text: string;
}

/** What to tell of an observation; null for those that only count. */
export function eventOf(o: Observation): DrillEvent | null {
  const event = (name: string, text: string, severity: DrillEvent['severity'] = 'info') => ({
    atMs: o.atMs,
    name,
    severity,
    text,
  });
  switch (o.kind) {
    case 'run-started':
      return event('started', `${o.drill} started on ${o.target}, profile ${o.profile}`);
    case 'mark':
      return event('mark', markWords[o.mark]);
    case 'held-on':
      return event('held-on', `the ${o.phase} is held on: ${o.because}`);
    case 'fault':
      return event('fault', `${o.fault} ${o.state}${o.detail ? `: ${o.detail}` : ''}`, 'warning');
    case 'platform-event':
      return event('platform', `${o.source}: ${o.message}`);
    case 'pod-end':
      return event('pod-end', `pod ${o.pod} ended: ${o.because}`);
    case 'problem':
      return event('problem', o.message, 'warning');
    case 'stop':
      return event('stop', `stopped: ${o.because}`, 'error');
    case 'run-finished':
      return event('finished', `the run is ${o.status}${o.reason === null ? '' : `: ${o.reason}`}`);
    default:
      return null;
  }
}

const markWords: Record<Extract<Observation, { kind: 'mark' }>['mark'], string> = {
  'baseline-start': 'the baseline starts',
  'ramp-start': 'the step to the peak starts',
  'peak-start': 'the peak starts',
  'peak-proven': 'the peak is proven',
  'back-start': 'the traffic goes back',
  'load-end': 'the load ends',
};

/** The verdict, with what failed. */
export function verdictEvent({ outcome, findings }: Verdict, atMs: number): DrillEvent {
  const failed = findings.filter((finding) => finding.outcome === 'fail').map(({ message }) => message);
  const severity = outcome === 'fail' ? 'error' : outcome === 'pass' ? 'info' : 'warning';
  return { atMs, name: 'verdict', severity, text: [`the verdict is ${outcome}`, ...failed].join('\n') };
}

/** The alerts on the error budget that would have fired. */
export const alertEvents = ({ budgets }: Facts): DrillEvent[] =>
  (budgets ?? []).flatMap(({ path, alerts }) =>
    alerts.flatMap(({ firedAtMs, ...alert }) =>
      firedAtMs === null ? [] : [alertEvent({ ...alert, path, atMs: firedAtMs })],
    ),
  );

export const alertEvent = ({ atMs, path, severity, burnRate, longMs }: FiredAlert): DrillEvent => ({
  atMs,
  name: 'alert',
  severity: 'warning',
  text: `${severity}: ${path} burns its error budget ${burnRate} times too fast, over ${longMs / 60_000} minutes`,
});
