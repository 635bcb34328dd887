import type { Instance } from '../machines.ts';
import type { PoweredNode } from './nodes.ts';

/** An instance, what runs on it, and what it waits for. */
export class Machine {
  readonly instance: Instance;
  /** What runs on it; null: nothing. */
  node: PoweredNode | null = null;
  /** What ran on it when it lost power in a zone that is cut off: frozen until somebody may notice its end. */
  #wreck: PoweredNode | null = null;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(instance: Instance) {
    this.instance = instance;
  }

  get isOn(): boolean {
    return this.instance.state === 'pending' || this.instance.state === 'running';
  }

  get isGone(): boolean {
    return this.instance.state === 'shutting-down' || this.instance.state === 'terminated';
  }

  /** Does something later, unless the machine loses power first. */
  later(ms: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
  }

  forgetPlans(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Powers off what runs on it. Whoever watches that can tell it was intended: it is no longer `node`. */
  async powerOff(options: { unnoticed: boolean }): Promise<void> {
    this.forgetPlans();
    const { node } = this;
    this.node = null;
    if (options.unnoticed) this.#wreck ??= node;
    else await node?.powerOff();
  }

  /** Its zone is reconnected: what ran on it when it lost power is now gone for everybody. */
  async clearWreck(): Promise<void> {
    const wreck = this.#wreck;
    this.#wreck = null;
    await wreck?.powerOff();
  }
}
