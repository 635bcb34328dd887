import { CpuUse } from './cpu-use.ts';
import type { PodSpec, PodStatus } from './protocol.ts';
import type { Tier } from './schedule.ts';

/** A pod as the controller knows it. baseUrl: null while it does not listen. */
export interface PodView {
  name: string;
  zone: string;
  node: string;
  baseUrl: string | null;
  ready: boolean;
  phase: PodStatus['phase'] | 'pending';
  restarts: number;
  lastExit: string | null;
  /** How many cores it uses; null while it is unknown. */
  cores: number | null;
  /** CPU use as a share of what it requests; null while it is unknown. */
  cpuRatio: number | null;
}

/** A pod that the controller placed, and what its node reports about it. */
export class PodRecord {
  readonly name: string;
  readonly node: string;
  readonly tier: Tier;
  /** The port on which it was ready: from then on, until it goes, it is a target of the edge, which judges it. */
  registeredPort: number | null = null;
  /** When its node was first allowed to run it; null while others start. */
  startedMs: number | null = null;
  /** How its node runs it: made once, so that it never changes while the pod lives. */
  spec: PodSpec | null = null;
  readonly #cpu = new CpuUse();
  #status: PodStatus | null = null;

  constructor(name: string, node: string, tier: Tier) {
    this.name = name;
    this.node = node;
    this.tier = tier;
  }

  /** Whether its node said so last. */
  get saidReady(): boolean {
    return this.#status?.ready ?? false;
  }

  /** Takes its node's report; null: the node does not know the pod. Returns what is new about it. */
  observe(status: PodStatus | null, atMs: number): { crashed: string | null; readinessChanged: boolean } {
    const before = this.#status;
    this.#status = status;
    this.#cpu.add(atMs, status?.cpuMs ?? null, this.saidReady);
    if (status?.ready) this.registeredPort = status.port;
    else if (status?.port !== this.registeredPort) this.registeredPort = null;
    const restarted = (status?.restarts ?? 0) > (before?.restarts ?? 0);
    return {
      crashed: restarted ? (status?.lastExit ?? 'for an unknown reason') : null,
      readinessChanged: this.saidReady !== (before?.ready ?? false),
    };
  }

  view(zone: string, ready: boolean, requestedCores: number | null): PodView {
    const status = this.#status;
    const { cores } = this.#cpu;
    return {
      name: this.name,
      node: this.node,
      zone,
      baseUrl: status?.port ? `http://127.0.0.1:${status.port}` : null,
      ready,
      phase: status?.phase ?? 'pending',
      restarts: status?.restarts ?? 0,
      lastExit: status?.lastExit ?? null,
      cores,
      cpuRatio: ready && cores !== null && requestedCores !== null ? cores / requestedCores : null,
    };
  }
}
