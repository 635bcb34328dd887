import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Controller } from './compute/controller.ts';
import type { PodView } from './compute/pod-record.ts';
import { edgeStatus, type RunningEdge } from './edge/start.ts';
import { RegionError } from './errors.ts';
import type { Lifetime } from './lifetime.ts';
import { logEnd } from './log-end.ts';

const pollMs = 25;
const timeoutMs = 30_000;
/** A pod that ended this often before it was ready will never be ready. */
const hopelessRestarts = 3;

export interface ReadinessOptions {
  controller: Controller;
  edge: RunningEdge;
  /** How many are required. */
  pods: number;
  /** Whether the edge checks its targets, so they must be healthy there. */
  healthChecks: boolean;
  logDir: string;
  lifetime: Lifetime;
  progress: (message: string) => void;
}

/** Waits until all pods get requests from the edge. Throws RegionError, with their logs, when they do not. */
export async function untilServing(options: ReadinessOptions): Promise<void> {
  const { controller, pods, lifetime, progress } = options;
  const deadlineMs = performance.now() + timeoutMs;
  await poll(lifetime, async () => {
    const waiting = controller.pods().filter(({ ready }) => !ready);
    const isHopeless = waiting.some(({ restarts }) => restarts >= hopelessRestarts);
    if (isHopeless || performance.now() > deadlineMs) throw await notReady(waiting, options.logDir);
    return waiting.length === 0;
  });
  progress(`${pods} pods ready`);
  await poll(lifetime, async () => {
    if (performance.now() > deadlineMs) throw await notReady([], options.logDir);
    return (await targetsServing(options)) === pods;
  });
  progress('pods healthy at the edge');
}

/** Polls until the answer is yes. Throws once the region is being ended. */
export async function poll(lifetime: Lifetime, isDone: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isDone())) {
    await sleep(pollMs);
    lifetime.throwIfEnding();
  }
}

async function targetsServing({ edge, healthChecks }: ReadinessOptions): Promise<number> {
  const targets = (await edgeStatus(edge))?.targets ?? [];
  return targets.filter(({ health }) => !healthChecks || health === 'healthy').length;
}

async function notReady(waiting: PodView[], logDir: string): Promise<RegionError> {
  const [first] = waiting;
  if (!first) return new RegionError('The pods are ready, and the edge does not find them healthy.');
  const described = waiting.map(
    ({ name, node, phase, lastExit }) => `${name} on ${node}: ${phase}${lastExit ? `, ended with ${lastExit}` : ''}`,
  );
  const log = await logEnd(join(logDir, `${first.node}.log`));
  return new RegionError(
    `The shop's pods did not get ready.\n${described.join('\n')}\nThe end of the log of ${first.node}:\n${log}`,
  );
}
