import type { Way } from '../../src/model/fault.ts';
import { execRights } from '../../src/platform/kubernetes/exec-rights.ts';
import { watchForRestart } from '../shared/pod-evidence.ts';
import { type HowMany, strikePods } from '../shared/strike-pods.ts';

/**
 * Sends SIGTERM to the first process of the container, from inside of it: there the kernel lets no SIGKILL through. Proven when a
 * container of the pod has been started again; one whose program does not handle SIGTERM goes on, and is told as not proven.
 */
export const byKubernetes = ({ kind, howMany }: { kind: string; howMany: HowMany }): Way =>
  strikePods({
    kind,
    howMany,
    rights: execRights,
    problemOf: async ({ kubernetes }, { name }) =>
      await kubernetes.signal(name, 0).then(
        () => undefined,
        (error: Error) => `${kind} cannot be done: ${error.message}`,
      ),
    strike: ({ kubernetes }, { name }) => kubernetes.signal(name, 'SIGTERM'),
    watchFor: watchForRestart,
  });
