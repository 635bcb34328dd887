import { limitOf } from '../analysis/limits.ts';
import { faultFacts } from '../analysis/run.ts';
import { phaseAt, phasesOf, timelineOf } from '../analysis/timeline.ts';
import type { Observation } from '../model/evidence.ts';
import type { Plan } from '../model/plan.ts';
import { pathsTaken } from '../model/profile.ts';
import { outcomes, type Verdict } from '../model/verdict.ts';
import type { MetricName, Sample } from './catalogue.ts';

type ObservationOf<K extends Observation['kind']> = Extract<Observation, { kind: K }>;

/** The numbers of one drill, from what it observes: as it runs, or afterwards. What is unknown has none. */
export class DrillMetrics {
  readonly #plan: Plan;
  readonly #values = new Map<string, Sample>();
  /** What says which phase it is. */
  readonly #course: Observation[] = [];
  #run: { drill: string; run: string } | undefined;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** Which run it is; nothing is told of a drill that has none yet. */
  begin(runId: string): void {
    this.#run = { drill: this.#plan.drill, run: runId };
    const { target, profile, without, fault, checkoutShare, peakRatePerSecond } = this.#plan;
    this.#set('run.info', { target, profile: profile.name, without: without.join(',') }, 1);
    this.#set('running', {}, 1);
    if (fault) this.#set('fault', { fault: fault.kind }, 0);
    this.#set('planned.calls_per_second', { phase: 'baseline' }, profile.baselineRatePerSecond);
    this.#set('planned.calls_per_second', { phase: 'peak' }, peakRatePerSecond);
    for (const path of pathsTaken(checkoutShare)) this.#set('limit', { path }, seconds(limitOf(this.#plan, path)));
  }

  take(o: Observation): void {
    if (o.kind === 'run-started') this.begin(o.runId);
    else if (o.kind === 'mark') this.#course.push(o);
    else if (o.kind === 'fault') this.#takeFault(o);
    else if (o.kind === 'load-progress') this.#takeProgress(o);
    else if (o.kind === 'probes') this.#takeProbes(o);
    else if (o.kind === 'inventory') this.#takeInventory(o);
    else if (o.kind === 'host') this.#takeHost(o);
    else if (o.kind === 'run-finished') this.#set('running', {}, 0);
  }

  judged({ outcome, findings, recovery }: Verdict): void {
    for (const each of outcomes) this.#set('verdict', { outcome: each }, each === outcome ? 1 : 0);
    for (const { id, outcome } of findings) if (outcome) this.#set('finding', { finding: id, outcome }, 1);
    for (const { path, actualMs, objectiveMs } of recovery) {
      this.#set('recovery', { path }, seconds(actualMs));
      this.#set('recovery.objective', { path }, seconds(objectiveMs));
    }
  }

  /** What is known at an instant, which is none before the last that was observed. */
  samples(atMs: number): Sample[] {
    const run = this.#run;
    return run ? [...this.#values.values(), ...this.#phases(run, atMs)] : [];
  }

  #phases(run: Record<string, string>, atMs: number): Sample[] {
    const injectedAtMs = faultFacts(this.#course)?.injectedAtMs ?? null;
    const phase = phaseAt(timelineOf(this.#course, this.#plan, injectedAtMs), atMs);
    return phasesOf(this.#plan).map((each) => ({
      metric: 'phase',
      labels: { ...run, phase: each },
      value: each === phase ? 1 : 0,
    }));
  }

  #takeFault(o: ObservationOf<'fault'>): void {
    this.#course.push(o);
    if (o.state === 'injected') this.#set('fault', { fault: o.fault }, 1);
    if (o.state === 'reverted') this.#set('fault', { fault: o.fault }, 0);
  }

  #takeProbes({ lanes }: ObservationOf<'probes'>): void {
    for (const [lane, { good, failed }] of Object.entries(lanes)) {
      this.#add('probes', { lane, result: 'good' }, good);
      this.#add('probes', { lane, result: 'failed' }, failed);
    }
  }

  #takeProgress({ dropped, paths = [] }: ObservationOf<'load-progress'>): void {
    this.#add('dropped', {}, dropped);
    for (const { path, calls, failed, p99Ms, tries, badTries } of paths) {
      this.#add('calls', { path, result: 'ok' }, calls - failed);
      this.#add('calls', { path, result: 'failed' }, failed);
      this.#add('first_tries', { path, result: 'good' }, tries - badTries);
      this.#add('first_tries', { path, result: 'bad' }, badTries);
      this.#set('call.p99', { path }, seconds(p99Ms));
    }
  }

  #takeInventory({ podsReady, podsWanted, nodesReady, nodesWanted, cpuRatio }: ObservationOf<'inventory'>): void {
    this.#set('pods.ready', {}, podsReady);
    this.#set('pods.wanted', {}, podsWanted);
    this.#set('pods.cpu', {}, cpuRatio);
    this.#set('nodes.ready', {}, nodesReady);
    this.#set('nodes.wanted', {}, nodesWanted);
  }

  #takeHost({ busyRatio, stealRatio, cpuPressureRatio, neighbourRatio }: ObservationOf<'host'>): void {
    this.#set('host.busy', {}, busyRatio);
    this.#set('host.steal', {}, stealRatio);
    this.#set('host.pressure', {}, cpuPressureRatio);
    this.#set('host.neighbour', {}, neighbourRatio ?? null);
  }

  /** @param value null: unknown from now on */
  #set(metric: MetricName, labels: Record<string, string>, value: number | null): void {
    const key = keyOf(metric, labels);
    if (value === null) this.#values.delete(key);
    else this.#values.set(key, { metric, labels: { ...this.#run, ...labels }, value });
  }

  #add(metric: MetricName, labels: Record<string, string>, more: number): void {
    this.#set(metric, labels, (this.#values.get(keyOf(metric, labels))?.value ?? 0) + more);
  }
}

const keyOf = (metric: MetricName, labels: Record<string, string>): string =>
  `${metric} ${Object.values(labels).join(' ')}`;

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1_000);
