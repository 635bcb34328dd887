import type { Pressure } from '../../src/model/facets.ts';
import type { Way } from '../../src/model/fault.ts';
import { execRights } from '../../src/platform/kubernetes/exec-rights.ts';
import { apiChange } from './api-change.ts';
import { choosePods, type HowMany } from './strike-pods.ts';

interface Press {
  kind: string;
  howMany: HowMany;
  pressure: Pressure;
  lastsMs: number;
}

/** A way that takes something from the containers of pods, from inside of them: it counts in their own cgroups. */
export const pressPods = ({ kind, howMany, pressure, lastsMs }: Press): Way =>
  apiChange({
    kind,
    requires: ['node-inventory'],
    undo: 'the processes that take it are ended, and the drill waits until the platform is healthy; without tenfold they end by themselves after their time',
    rights: [...execRights, 'get pods'],
    lasts: lastsMs,
    async aim(on, runId) {
      const { pods, problems } = await choosePods({ kind, howMany }, on);
      if (problems.length > 0) return { problems };
      const change = await on.kubernetes.press(
        pods.map(({ name }) => name),
        { pressure, runId, lastsMs },
      );
      return typeof change === 'string' ? { problems: [`${kind} cannot be done: ${change}`] } : { change };
    },
  });
