import type { Instance } from './instance.ts';

export interface CutOffSteps {
  instances(): readonly Instance[];
  /** How many promotions there have been. */
  promotions(): number;
  /** Whether a failover is under way. */
  isFailingOver(): boolean;
  /** Called when an instance became unreachable or reachable. */
  changed(): void;
  /** Makes a reader of an instance that had to be killed. */
  replace(instance: Instance): void;
  event(message: string): void;
}

/** Cuts off and reconnects the instances of zones, one change after the other. */
export class CutOffs {
  readonly #steps: CutOffSteps;
  /** For each instance that is cut off: how many promotions there had been by then. */
  readonly #since = new Map<Instance, number>();
  #last: Promise<void> = Promise.resolve();

  constructor(steps: CutOffSteps) {
    this.#steps = steps;
  }

  disconnect(zone: string): Promise<void> {
    return this.#inTurn(async () => {
      for (const instance of this.#instancesOf(zone, false)) {
        this.#since.set(instance, this.#steps.promotions());
        await instance.cutOff();
        this.#steps.changed();
        this.#steps.event(`${instance.id} is cut off`);
      }
    });
  }

  reconnect(zone: string): Promise<void> {
    return this.#inTurn(async () => {
      for (const instance of this.#instancesOf(zone, true)) {
        if (this.#mayGoOn(instance)) {
          instance.rejoin();
          this.#steps.changed();
          this.#steps.event(`${instance.id} is reachable again`);
        } else {
          await instance.rejoinDead();
          this.#steps.event(`${instance.id} was killed before it was reachable again`);
          this.#steps.replace(instance);
        }
      }
    });
  }

  #instancesOf(zone: string, cutOff: boolean): Instance[] {
    return this.#steps.instances().filter((instance) => instance.zone === zone && instance.isCutOff === cutOff);
  }

  /** False after a failover in the meantime: an old writer would write, and a reader's log may have forked. */
  #mayGoOn(instance: Instance): boolean {
    const { isFailingOver, promotions } = this.#steps;
    return !isFailingOver() && instance.status === 'available' && this.#since.get(instance) === promotions();
  }

  #inTurn(change: () => Promise<void>): Promise<void> {
    const changed = this.#last.then(change);
    this.#last = changed.catch(() => {});
    return changed;
  }
}
