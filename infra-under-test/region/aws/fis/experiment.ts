import { ActionRun } from './action-run.ts';
import type { ActionDefinition } from './actions/action.ts';
import { actions } from './actions/catalogue.ts';
import { account, fisArn, newId } from './arns.ts';
import type { FisRegion } from './region.ts';
import { resolveTarget } from './resolve-target.ts';
import type { Resource } from './resources.ts';
import type { TemplateBody } from './shapes.ts';
import type { Template } from './templates.ts';

export type ExperimentStatus =
  | 'pending'
  | 'initiating'
  | 'running'
  | 'completed'
  | 'stopping'
  | 'stopped'
  | 'failed'
  | 'cancelled';

export interface ExperimentOptions {
  actionsMode: 'run-all' | 'skip-all';
  tags: Record<string, string>;
  tell: (message: string) => void;
}

const ended: readonly ExperimentStatus[] = ['completed', 'stopped', 'failed', 'cancelled'];

/** One run of a template, as it was when the run began. */
export class Experiment {
  readonly id = newId('EXP');
  readonly arn: string;
  readonly templateId: string;
  readonly body: TemplateBody;
  readonly actionsMode: ExperimentOptions['actionsMode'];
  readonly actions: ActionRun[];
  readonly createdAtMs = Date.now();
  tags: Record<string, string>;
  status: ExperimentStatus = 'pending';
  reason = 'Experiment is pending.';
  error: { accountId: string; code: string; location: string } | null = null;
  startedAtMs: number | null = null;
  endedAtMs: number | null = null;
  readonly #region: FisRegion;
  readonly #tell: (message: string) => void;
  readonly #stopping = new AbortController();
  readonly #resolved = new Map<string, Resource[]>();
  #failure: string | null = null;
  #finished: Promise<void> = Promise.resolve();

  constructor(template: Template, region: FisRegion, { actionsMode, tags, tell }: ExperimentOptions) {
    this.arn = fisArn(region.region, 'experiment', this.id);
    this.templateId = template.id;
    this.body = structuredClone(template.body);
    this.actionsMode = actionsMode;
    this.tags = tags;
    this.#region = region;
    this.#tell = (message) => tell(`experiment ${this.id}: ${message}`);
    this.actions = Object.entries(this.body.actions).map(
      ([name, body]) => new ActionRun(name, body, actions.get(body.actionId) as ActionDefinition, this.#tell),
    );
  }

  get isActive(): boolean {
    return !ended.includes(this.status);
  }

  /** The resources chosen for each target; empty before the targets are resolved. */
  get resolvedTargets(): ReadonlyMap<string, readonly Resource[]> {
    return this.#resolved;
  }

  /** Resolves when it has ended in any way. */
  get finished(): Promise<void> {
    return this.#finished;
  }

  /** Begins it; it then runs by itself. */
  start(): void {
    this.startedAtMs = Date.now();
    this.#become('initiating', 'Experiment is initiating.');
    this.#finished = new Promise(setImmediate).then(() => this.#run());
  }

  /** Ends it before it begins: the safety lever is engaged. */
  cancel(reason: string): void {
    for (const action of this.actions) action.end('cancelled', reason);
    this.#end('cancelled', reason);
  }

  /** Asks it to stop: injected faults are undone first. */
  stop(reason: string): void {
    if (!this.isActive || this.#stopping.signal.aborted) return;
    this.#become('stopping', reason);
    this.#stopping.abort(new Error(reason));
  }

  async #run(): Promise<void> {
    if (this.#resolveTargets()) {
      if (this.actionsMode === 'skip-all') this.#skipAll();
      else await this.#runActions();
    }
    for (const action of this.actions)
      if (action.status === 'pending') action.end('cancelled', 'Action was cancelled.');
    if (this.#failure) this.#end('failed', this.#failure);
    else if (this.#stopping.signal.aborted) this.#end('stopped', 'Experiment was stopped.');
    else this.#end('completed', 'Experiment completed.');
  }

  /** False when a target resolves to nothing, and that is a failure. */
  #resolveTargets(): boolean {
    for (const [name, target] of Object.entries(this.body.targets ?? {})) {
      const resources = resolveTarget(target, this.#region);
      this.#resolved.set(name, resources);
      if (resources.length > 0 || this.body.experimentOptions?.emptyTargetResolutionMode === 'skip') continue;
      this.#failure = 'Target resolution returned empty set';
      this.error = { accountId: account, code: 'InvalidTarget', location: name };
      return false;
    }
    return true;
  }

  #skipAll(): void {
    for (const action of this.actions) action.end('skipped', 'Action was skipped: actionsMode is skip-all.');
  }

  async #runActions(): Promise<void> {
    const { signal } = this.#stopping;
    const running = new Set<Promise<void>>();
    if (!signal.aborted) this.#become('running', 'Experiment is running.');
    for (;;) {
      const next = signal.aborted ? undefined : this.actions.find((action) => this.#canStart(action));
      if (next) {
        if (!(await this.#begin(next))) continue;
        const finished: Promise<void> = this.#finish(next).finally(() => running.delete(finished));
        running.add(finished);
      } else if (running.size > 0) await Promise.race(running);
      else return;
    }
  }

  #canStart({ status, body }: ActionRun): boolean {
    const isDone = (name: string) => this.actions.some((action) => action.name === name && action.isDone);
    return status === 'pending' && (body.startAfter ?? []).every(isDone);
  }

  /**
   * Actions that may start together begin in their order in the template, each when the one before is in place.
   * False: there is nothing to wait for.
   */
  async #begin(action: ActionRun): Promise<boolean> {
    const { targetName } = action;
    const resources = targetName === null ? [] : (this.#resolved.get(targetName) ?? []);
    if (targetName !== null && resources.length === 0) {
      action.end('skipped', 'Action was skipped: its target resolved to no resource.');
      return false;
    }
    const because = `FIS experiment ${this.id}, action ${action.name} (${action.body.actionId})`;
    const parameters = action.body.parameters ?? {};
    try {
      await action.begin({ region: this.#region, resources, parameters, because });
      return true;
    } catch (error) {
      this.#fail(action, error as Error);
      return false;
    }
  }

  async #finish(action: ActionRun): Promise<void> {
    try {
      await action.finish(this.#region, this.#stopping.signal);
    } catch (error) {
      this.#fail(action, error as Error);
    }
  }

  /** The first failure stops the others. */
  #fail(action: ActionRun, error: Error): void {
    const reason = `Action ${action.name} failed: ${error.message}`;
    this.#failure ??= reason;
    this.stop(reason);
  }

  #end(status: ExperimentStatus, reason: string): void {
    this.endedAtMs = Date.now();
    this.#become(status, reason);
  }

  #become(status: ExperimentStatus, reason: string): void {
    this.status = status;
    this.reason = reason.slice(0, 512);
    this.#tell(status === 'failed' ? `failed: ${reason}` : status);
  }
}
