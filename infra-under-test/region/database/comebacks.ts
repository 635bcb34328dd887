import { setTimeout as sleep } from 'node:timers/promises';
import type { Instance } from './instance.ts';

const attempts = 5;
const pauseMs = 500;
const writerPollMs = 50;

export interface ComebackSteps {
  /** The current writer. */
  writer(): Instance;
  /** Starts the instance, which must be down, as a reader of the writer. */
  makeReader(instance: Instance, writer: Instance): Promise<void>;
  /** Called when an instance became unavailable or available. */
  changed(): void;
  event(message: string): void;
  signal: AbortSignal;
}

/** Brings instances that went down back into the cluster as readers. */
export class Comebacks {
  readonly #steps: ComebackSteps;
  readonly #underWay = new Map<Instance, Promise<boolean>>();

  constructor(steps: ComebackSteps) {
    this.#steps = steps;
  }

  /** Resolves to false when the instance is cut off: it comes back when its zone does. */
  bringBack(instance: Instance): Promise<boolean> {
    const underWay = this.#underWay.get(instance);
    if (underWay) return underWay;
    const begun = this.#bringBack(instance).finally(() => this.#underWay.delete(instance));
    this.#underWay.set(instance, begun);
    // Its failure is reported as an event.
    begun.catch(() => {});
    return begun;
  }

  /** Resolves when none is under way. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#underWay.values());
  }

  async #bringBack(instance: Instance): Promise<boolean> {
    const { writer, makeReader, changed, event, signal } = this.#steps;
    instance.status = 'rebooting';
    changed();
    for (let attempt = 1; ; attempt += 1) {
      await this.#untilWriterServes();
      if (instance.isCutOff) return false;
      try {
        signal.throwIfAborted();
        await makeReader(instance, writer());
        break;
      } catch (error) {
        await instance.kill();
        if (signal.aborted) throw error;
        if (instance.isCutOff) return false;
        event(`${instance.id} did not come back (attempt ${attempt}): ${(error as Error).message}`);
        if (attempt === attempts) {
          instance.status = 'failed';
          throw error;
        }
        await sleep(pauseMs, null, { signal });
      }
    }
    instance.status = 'available';
    changed();
    event(`${instance.id} is back as a reader`);
    return true;
  }

  async #untilWriterServes(): Promise<void> {
    for (let writer = this.#steps.writer(); !writer.pid || writer.isCutOff; writer = this.#steps.writer())
      await sleep(writerPollMs, null, { signal: this.#steps.signal });
  }
}
