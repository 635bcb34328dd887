import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionContext, ActionDefinition, Effect } from './actions/action.ts';
import type { FisRegion } from './region.ts';
import type { ActionBody } from './shapes.ts';

export type ActionStatus =
  | 'pending'
  | 'initiating'
  | 'running'
  | 'completed'
  | 'cancelled'
  | 'stopping'
  | 'stopped'
  | 'failed'
  | 'skipped';

/** One action of one experiment: its state, and its course from `begin` to `finish`. */
export class ActionRun {
  readonly name: string;
  readonly body: ActionBody;
  readonly #definition: ActionDefinition;
  readonly #tell: (message: string) => void;
  status: ActionStatus = 'pending';
  reason = 'Initial state';
  startedAtMs: number | null = null;
  endedAtMs: number | null = null;
  #effect: Effect = {};

  constructor(name: string, body: ActionBody, definition: ActionDefinition, tell: (message: string) => void) {
    this.name = name;
    this.body = body;
    this.#definition = definition;
    this.#tell = tell;
  }

  /** The name of the template's target that it acts on; null when it needs none. */
  get targetName(): string | null {
    const { target } = this.#definition;
    return target ? (this.body.targets?.[target.key] ?? null) : null;
  }

  /** Whether actions that start after this one may start. */
  get isDone(): boolean {
    return this.status === 'completed' || this.status === 'skipped';
  }

  /** Injects the fault. Throws after recording why it failed. */
  async begin(context: ActionContext): Promise<void> {
    this.startedAtMs = Date.now();
    this.#become('initiating', 'Action is initiating.');
    try {
      this.#effect = await this.#definition.begin(context);
      // A failure before anybody waits for it is not lost: finish() gets it.
      this.#effect.done?.catch(() => {});
    } catch (error) {
      this.end('failed', (error as Error).message);
      throw error;
    }
    this.#become('running', 'Action is running.');
  }

  /**
   * Waits for the action's end, or for the signal, and undoes the fault. Throws after recording why it failed. A region
   * that is closing has nothing left to undo.
   */
  async finish({ timeScale, closing }: FisRegion, stopping: AbortSignal): Promise<void> {
    const early = AbortSignal.any([stopping, closing]);
    const { lastsMs = 0, done = sleep(lastsMs / timeScale, null, { signal: early }), undo } = this.#effect;
    try {
      await Promise.race([done, aborted(early)]).catch((error) => {
        if (!early.aborted) throw error;
      });
      if (early.aborted) this.#become('stopping', 'Action is stopping.');
      if (!closing.aborted) await undo?.();
    } catch (error) {
      this.end('failed', (error as Error).message);
      throw error;
    }
    if (early.aborted) this.end('stopped', 'Action was stopped.');
    else this.end('completed', 'Action was completed.');
  }

  end(status: ActionStatus, reason: string): void {
    this.endedAtMs = Date.now();
    this.#become(status, reason);
  }

  #become(status: ActionStatus, reason: string): void {
    this.status = status;
    this.reason = reason;
    this.#tell(`action ${this.name} (${this.body.actionId}) ${status}${status === 'failed' ? `: ${reason}` : ''}`);
  }
}

/** Rejects once a signal is given. */
function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  if (signal.aborted) reject(signal.reason);
  else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return promise;
}
