import type { Way } from '../../src/model/fault.ts';
import { execRights } from '../../src/platform/kubernetes/exec-rights.ts';
import { apiChange } from '../shared/api-change.ts';
import { awsDuration } from '../shared/duration.ts';

/**
 * A NetworkPolicy keeps the shop's pods from opening connections to the database, and the database ends those that are open. Proven by
 * a pod of the shop that cannot connect any more. Where nothing enforces policies that is found out, and told.
 * @param duration in AWS's format.
 */
export const byKubernetes = (kind: string, duration: string): Way =>
  apiChange({
    kind,
    requires: ['network-policies'],
    undo: 'the NetworkPolicy is deleted, and the drill waits until the platform is healthy',
    rights: [
      'list services',
      'list networkpolicies.networking.k8s.io',
      'get networkpolicies.networking.k8s.io',
      'create networkpolicies.networking.k8s.io',
      'delete networkpolicies.networking.k8s.io',
      ...execRights,
    ],
    lasts: awsDuration(duration),
    async aim({ network }, runId) {
      const change = await network.cutFromDatabase(runId);
      return typeof change === 'string' ? { problems: [`${kind} cannot be done: ${change}`] } : { change };
    },
  });
