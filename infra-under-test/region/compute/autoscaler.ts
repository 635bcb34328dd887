/** A pod as autoscaling sees it. cpuRatio: CPU use as a share of what it requests; null while it is unknown. */
export interface MeasuredPod {
  ready: boolean;
  cpuRatio: number | null;
}

export interface AutoscalerRules {
  minPods: number;
  maxPods: number;
  targetRatio: number;
  /** Deviation from the target, as a share of it, within which nothing changes. */
  tolerance: number;
  up: ScalingRule;
  down: ScalingRule;
}

/** At most this many pods per period, and only what was called for throughout the stabilisation window. */
export interface ScalingRule {
  stabilisationMs: number;
  periodMs: number;
  podsPerPeriod: number;
}

/**
 * How many pods the load calls for, by the rule of Kubernetes' HorizontalPodAutoscaler: as many as bring their mean use
 * to the target. Pods without data count as idle when that argues against more, and as using all that they request when
 * that argues against fewer; pods that are not ready count as idle, and never argue for fewer.
 */
export function podsForLoad(
  pods: MeasuredPod[],
  { targetRatio, tolerance }: Pick<AutoscalerRules, 'targetRatio' | 'tolerance'>,
): number {
  const known = pods.flatMap(({ ready, cpuRatio }) => (ready && cpuRatio !== null ? [cpuRatio] : []));
  const unready = pods.filter(({ ready }) => !ready).length;
  const unknown = pods.length - known.length - unready;
  if (known.length === 0) return pods.length;
  const use = mean(known) / targetRatio;
  const assumed = use > 1 ? Array(unready + unknown).fill(0) : Array(unknown).fill(1);
  const all = [...known, ...assumed];
  const cautious = mean(all) / targetRatio;
  if (Math.abs(cautious - 1) <= tolerance || use > 1 !== cautious > 1) return pods.length;
  const wanted = Math.ceil(cautious * all.length - 1e-9);
  return use > 1 ? Math.max(wanted, pods.length) : Math.min(wanted + unready, pods.length);
}

/** How many pods are wanted over time: what the load calls for, stabilised and rate-limited by the rules. */
export class Autoscaler {
  readonly #rules: AutoscalerRules;
  #called: { atMs: number; pods: number }[] = [];
  #changes: { atMs: number; pods: number }[] = [];
  #wanted: number;

  constructor(rules: AutoscalerRules) {
    this.#rules = rules;
    this.#wanted = rules.minPods;
  }

  get wanted(): number {
    return this.#wanted;
  }

  get maxPods(): number {
    return this.#rules.maxPods;
  }

  /** Judges the current pods; returns how many are wanted from now on. */
  judge(nowMs: number, pods: MeasuredPod[]): number {
    const { up, down, minPods, maxPods } = this.#rules;
    const called = clamp(podsForLoad(pods, this.#rules), minPods, maxPods);
    this.#called.push({ atMs: nowMs, pods: called });
    this.#called = since(this.#called, nowMs - Math.max(up.stabilisationMs, down.stabilisationMs));
    this.#changes = since(this.#changes, nowMs - Math.max(up.periodMs, down.periodMs));
    const least = Math.min(called, ...since(this.#called, nowMs - up.stabilisationMs).map((call) => call.pods));
    const most = Math.max(called, ...since(this.#called, nowMs - down.stabilisationMs).map((call) => call.pods));
    const stable = Math.max(Math.min(this.#wanted, most), least);
    const next = clamp(stable, this.#lowestNow(nowMs), this.#highestNow(nowMs));
    if (next !== this.#wanted) this.#changes.push({ atMs: nowMs, pods: next - this.#wanted });
    this.#wanted = next;
    return next;
  }

  #highestNow(nowMs: number): number {
    const { up } = this.#rules;
    return Math.max(this.#wanted, this.#before(nowMs - up.periodMs) + up.podsPerPeriod);
  }

  #lowestNow(nowMs: number): number {
    const { down } = this.#rules;
    return Math.min(this.#wanted, this.#before(nowMs - down.periodMs) - down.podsPerPeriod);
  }

  /** How many were wanted before the changes since an instant. */
  #before(atMs: number): number {
    return this.#wanted - since(this.#changes, atMs).reduce((sum, change) => sum + change.pods, 0);
  }
}

const since = <T extends { atMs: number }>(list: T[], fromMs: number): T[] => list.filter(({ atMs }) => atMs > fromMs);
export const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);
