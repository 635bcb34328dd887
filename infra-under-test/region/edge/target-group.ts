import { scaled } from '../constants.ts';
import { Target, type TargetAddress } from './target.ts';

export interface TargetGroupOptions {
  /** Off: every registered target gets requests, whatever its state. */
  healthChecks: boolean;
  healthCheckIntervalMs?: number;
  /** How long a target that has become healthy gets less than its full share. */
  slowStartMs?: number;
  /** How long a target may be silent. */
  upstreamTimeoutMs?: number;
}

/** The pods behind the edge, and which of them gets the next request. */
export class TargetGroup {
  readonly #targets = new Map<string, Target>();
  readonly #options: Required<TargetGroupOptions>;
  #turn = 0;

  constructor(options: TargetGroupOptions) {
    this.#options = {
      healthCheckIntervalMs: scaled.healthCheckInterval.ms,
      slowStartMs: scaled.slowStart.ms,
      upstreamTimeoutMs: scaled.upstreamTimeout.ms,
      ...options,
    };
  }

  /** Registers new targets and deregisters those no longer listed. A pod that came back on another port is new. */
  register(addresses: TargetAddress[]): void {
    const listed = new Map(addresses.map((address) => [keyOf(address), address]));
    for (const [key, target] of this.#targets) {
      if (listed.has(key)) continue;
      this.#targets.delete(key);
      void target.retire();
    }
    for (const [key, address] of listed) {
      if (this.#targets.has(key)) continue;
      const target = new Target(address, this.#options);
      this.#targets.set(key, target);
      if (this.#options.healthChecks) target.startHealthChecks(this.#options.healthCheckIntervalMs);
    }
  }

  /**
   * The next target in turn, or the wanted one while it may get requests; undefined when none may.
   * Fails open: with no healthy one, the unhealthy ones serve.
   */
  next(wanted?: string): Target | undefined {
    const targets = this.list();
    const eligible = this.#eligible(targets);
    if (eligible.length === 0) return undefined;
    const stuckTo = wanted === undefined ? undefined : eligible.find(({ address }) => address.name === wanted);
    if (stuckTo) return stuckTo;
    return this.#inTurn(eligible);
  }

  /** When all of them are in slow start and none takes its turn, slow start is ignored. */
  #inTurn(eligible: Target[]): Target | undefined {
    const nowMs = performance.now();
    const first = (this.#turn + 1) % Number.MAX_SAFE_INTEGER;
    const at = (turn: number) => eligible[turn % eligible.length];
    this.#turn = first;
    for (let turn = first; turn < first + eligible.length; turn += 1) {
      if (!at(turn)?.takesTurn(nowMs, this.#options.slowStartMs)) continue;
      this.#turn = turn;
      break;
    }
    return at(this.#turn);
  }

  list(): Target[] {
    return [...this.#targets.values()];
  }

  #eligible(targets: Target[]): Target[] {
    if (!this.#options.healthChecks) return targets;
    const healthy = targets.filter(({ health }) => health.state === 'healthy');
    return healthy.length > 0 ? healthy : targets.filter(({ health }) => health.state === 'unhealthy');
  }

  /** Ends all connections at once. */
  async destroy(): Promise<void> {
    const targets = this.list();
    this.register([]);
    await Promise.all(targets.map(({ pool }) => pool.destroy()));
  }
}

const keyOf = ({ name, host, port }: TargetAddress) => `${name} ${host}:${port}`;
