import type { PathProgress } from '../model/evidence.ts';
import type { Plan } from '../model/plan.ts';
import { type LatencyPath, shareOf } from '../model/profile.ts';
import { burnAlerts, type Second } from './burn-alerts.ts';

/** An alert that fires. */
export interface FiredAlert {
  atMs: number;
  path: LatencyPath;
  severity: 'page' | 'ticket';
  /** How many times too fast the budget burns, over the longer of its windows. */
  burnRate: number;
  longMs: number;
}

/**
 * The alerts on the error budget as the analysis computes them, from what is known so far: to the second, and a call that
 * is judged by the limit of its phase counts here by the tightest limit of its path.
 */
export class LiveAlerts {
  readonly #plan: Plan;
  readonly #fired = new Set<string>();
  readonly #seconds = new Map<LatencyPath, Second[]>();
  #startMs: number | undefined;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** @returns those that fire now */
  take(atMs: number, paths: readonly PathProgress[]): FiredAlert[] {
    this.#startMs ??= atMs - 1_000;
    const second = Math.max(0, Math.floor((atMs - this.#startMs) / 1_000) - 1);
    return paths.flatMap((progress) => this.#firing(atMs, second, progress));
  }

  #firing(atMs: number, second: number, { path, tries, badTries }: PathProgress): FiredAlert[] {
    const seconds = this.#seconds.get(path) ?? [];
    this.#seconds.set(path, seconds);
    while (seconds.length <= second) seconds.push({ calls: 0, bad: 0 });
    const last = seconds.at(-1);
    if (last) Object.assign(last, { calls: last.calls + tries, bad: last.bad + badTries });
    if (badTries === 0) return [];
    const { profile, objectives, checkoutShare } = this.#plan;
    const before = profile.baselineRatePerSecond * shareOf(path, checkoutShare);
    return burnAlerts(seconds, 0, before, 1 - objectives.errorBudget.objective).flatMap((alert) => {
      const { severity, burnRate, longMs, firedAtMs } = alert;
      const name = `${path} ${burnRate}`;
      if (firedAtMs === null || this.#fired.has(name)) return [];
      this.#fired.add(name);
      return [{ atMs, path, severity, burnRate, longMs }];
    });
  }
}
