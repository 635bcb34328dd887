import type { FisRegion } from '../region.ts';
import type { Resource } from '../resources.ts';

/** A kind of fault that an experiment can inject. */
export interface ActionDefinition {
  description: string;
  /** What it acts on; null: it needs no target. */
  target: { key: string; resourceType: string } | null;
  parameters: Record<string, ActionParameter>;
  /** Injects the fault; resolves when it is in place. */
  begin(context: ActionContext): Promise<Effect>;
}

export interface ActionParameter {
  description: string;
  required: boolean;
  /** What is wrong with a value, worded to follow its name; null: nothing. */
  problem(value: string, region: FisRegion): string | null;
}

export interface ActionContext {
  region: FisRegion;
  resources: Resource[];
  parameters: Record<string, string>;
  /** The cause, for records of what happened. */
  because: string;
}

/** A fault in place. The action is complete after its duration, or when `done` resolves, and it has been undone. */
export interface Effect {
  /** In AWS's time, which passes `timeScale` times faster here. */
  lastsMs?: number;
  done?: Promise<unknown>;
  /** The post-action: also run when the experiment is stopped. */
  undo?: () => Promise<void>;
}
