import type { Observation } from '../model/evidence.ts';
import { hasCome } from '../model/moments.ts';
import type { Plan } from '../model/plan.ts';
import { type Tick, tickSchema } from '../model/runbook.ts';
import type { EventOf, Frame } from './events.ts';
import { momentOf, type Told } from './moment.ts';

/** The steps of the runbook of the drill that is on, and who has done which. */
export class Ticks {
  readonly #plan: Plan;
  readonly #marks = new Map<string, number>();
  readonly #faults: EventOf<'fault'>[] = [];
  readonly #told: Told;
  readonly #done = new Map<string, string>();
  /** Writes into the run's evidence, once there is one. */
  record: ((tick: Tick) => void) | undefined;

  constructor(plan: Plan, frame: Frame) {
    this.#plan = plan;
    this.#told = { frame, marks: this.#marks, faults: this.#faults, ended: null };
  }

  take(observation: Observation): void {
    if (observation.kind === 'mark') this.#marks.set(observation.mark, observation.atMs);
    if (observation.kind === 'fault') this.#faults.push(observation);
  }

  /** Writes down that somebody did a step. @returns it, or why it was not written down */
  tick(asked: { step?: unknown; by?: unknown }, atMs: number): Tick | string {
    const step = this.#plan.runbook?.steps.find(({ id }) => id === asked.step);
    if (!step) return 'the runbook of this drill has no such step';
    const doneBy = this.#done.get(step.id);
    if (doneBy !== undefined) return `${doneBy} has done it already`;
    if (!hasCome(step.moment, momentOf(this.#told, atMs))) return `its moment, ${step.moment}, has not come yet`;
    const parsed = tickSchema.safeParse({ atMs, step: step.id, by: asked.by });
    if (!parsed.success) return parsed.error.issues[0]?.message ?? 'say who did it';
    try {
      if (!this.record) return 'the drill has not begun yet';
      this.record(parsed.data);
    } catch (error) {
      return `it could not be written down: ${(error as Error).message}`;
    }
    this.#done.set(step.id, parsed.data.by);
    return parsed.data;
  }
}
