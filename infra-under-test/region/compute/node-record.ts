import { scaled } from '../constants.ts';
import type { Capacity } from './protocol.ts';
import type { SchedulableNode } from './schedule.ts';

/** A node as the controller knows it. */
export interface NodeView {
  name: string;
  zone: string;
  capacity: Capacity;
  ready: boolean;
}

/** A node and its heartbeats. */
export class NodeRecord {
  readonly name: string;
  readonly zone: string;
  readonly capacity: Capacity;
  ready = false;
  /** Why it takes no new pods and gives up those that it has. */
  drainedFor: string | null = null;
  /** What became of its machine, where that is known. */
  fate: string | null = null;
  #heartbeatMs = 0;

  constructor({ name, zone, capacity }: Omit<NodeView, 'ready'>) {
    this.name = name;
    this.zone = zone;
    this.capacity = capacity;
  }

  /** Whether it was not ready before. */
  beat(nowMs: number): boolean {
    const isNew = !this.ready;
    if (isNew) this.fate = null;
    this.ready = true;
    this.#heartbeatMs = nowMs;
    return isNew;
  }

  /** Whether it counts as NotReady from now on. */
  isOverdue(nowMs: number): boolean {
    return this.ready && nowMs - this.#heartbeatMs > scaled.nodeGrace.ms;
  }

  /** Time in which it could not reach us does not count. */
  forgive(ms: number): void {
    this.#heartbeatMs += ms;
  }

  silence(nowMs: number): string {
    return `${this.name} NotReady: no heartbeat for ${Math.round(nowMs - this.#heartbeatMs)} ms`;
  }

  get view(): NodeView {
    return { name: this.name, zone: this.zone, capacity: this.capacity, ready: this.ready };
  }

  place(nowMs: number): SchedulableNode {
    const toleratedMs = scaled.nodeGrace.ms + scaled.notReadyToleration.ms;
    const lost = !this.ready && nowMs - this.#heartbeatMs > toleratedMs;
    const state = lost ? 'lost' : this.ready && !this.drainedFor ? 'open' : 'closed';
    return { name: this.name, zone: this.zone, capacity: this.capacity, state };
  }
}
