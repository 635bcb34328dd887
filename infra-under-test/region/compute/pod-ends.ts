import type { Capacity } from './protocol.ts';

/** The end of a pod or of its process, and its cause. crashed: nobody asked for it. */
export interface PodEnd {
  atMs: number;
  pod: string;
  node: string;
  capacity: Capacity;
  cause: 'scaled-down' | 'evicted' | 'node-lost' | 'crashed';
  /** In words: the interruption, the termination, the exit code. */
  because: string;
}

const remembered = 10_000;

/** The latest ends of pods, each recorded once. */
export class PodEnds {
  #ends: PodEnd[] = [];

  record(end: Omit<PodEnd, 'atMs'>): void {
    this.#ends.push({ atMs: Date.now(), ...end });
    if (this.#ends.length > remembered * 2) this.#ends = this.#ends.slice(-remembered);
  }

  /** Those at or after an instant (epoch ms). */
  since(sinceMs: number): PodEnd[] {
    return this.#ends.filter(({ atMs }) => atMs >= sinceMs);
  }
}
