import type { Way } from '../../src/model/fault.ts';
import { apiChange } from '../shared/api-change.ts';
import { busiestNode } from '../shared/pods.ts';

/**
 * The taint `node.kubernetes.io/out-of-service` makes all pods leave that do not tolerate it, whosever they are and whatever
 * disruption budgets say, and those of the shop's namespace are deleted without grace. For where no machine can be switched off: the
 * node itself goes on running and stays ready, so nobody has to miss it, connections are closed rather than hang, and a database whose
 * volume can move may run twice for a moment.
 */
export const byKubernetes = (kind: string): Way =>
  apiChange({
    kind,
    requires: ['node-inventory'],
    undo:
      'the taint that puts the node out of service is taken away, and the drill waits until the platform is healthy; ' +
      'the node itself goes on running all the time, and pods of others on it have to leave too',
    leaves: ['nodes'],
    rights: ['get nodes', 'patch nodes', 'delete pods'],
    async aim({ cluster, kubernetes }, runId) {
      const node = busiestNode(await cluster.inventory());
      if (node === undefined) return { problems: [`${kind} finds no target: no node runs a ready pod`] };
      const change = kubernetes.outOfService(node.name, runId);
      return typeof change === 'string' ? { problems: [`${kind} cannot be done: ${change}`] } : { change };
    },
  });
