import { fisArn } from './arns.ts';
import { conflict, notFound } from './errors.ts';
import { parse, requests } from './shapes.ts';

const leverId = 'default';

/** What the lever does to experiments. */
export interface Stoppable {
  stop(reason: string): void;
  finished: Promise<void>;
}

/** The one safety lever of a region: when engaged, it stops all experiments and lets none begin. */
export class SafetyLever {
  readonly arn: string;
  #status: 'disengaged' | 'engaging' | 'engaged' = 'disengaged';
  #reason = 'The safety lever has not been used.';

  constructor(region: string) {
    this.arn = fisArn(region, 'safety-lever', leverId);
  }

  get isEngaged(): boolean {
    return this.#status !== 'disengaged';
  }

  /** As FIS shows it. Throws a ResourceNotFoundException for another lever. */
  show(id: string) {
    if (id !== leverId) throw notFound(`Safety lever ${id} does not exist.`);
    return { id, arn: this.arn, state: { status: this.#status, reason: this.#reason } };
  }

  /** Engages or disengages it. It is `engaging` until the active experiments have ended. */
  update(id: string, request: unknown, active: Stoppable[]) {
    this.show(id);
    const { status, reason } = parse(requests.updateSafetyLever, request).state;
    if (this.#status === 'engaging') throw conflict('The safety lever is being engaged.');
    this.#reason = reason;
    if (status === 'disengaged' || this.#status === status) this.#status = status;
    else this.#engage(active);
    return this.show(id);
  }

  #engage(active: Stoppable[]): void {
    this.#status = active.length > 0 ? 'engaging' : 'engaged';
    for (const experiment of active) experiment.stop('Experiment is stopping: the safety lever is engaged.');
    void Promise.all(active.map(({ finished }) => finished)).then(() => {
      this.#status = 'engaged';
    });
  }
}
