import type { Way } from '../../src/model/fault.ts';
import { execRights } from '../../src/platform/kubernetes/exec-rights.ts';
import { apiChange } from '../shared/api-change.ts';

/** Scales the deployment behind the service kube-dns to zero. A cache on the nodes goes on answering what it knows. */
export const byKubernetes = ({ kind, lastsMs }: { kind: string; lastsMs: number | undefined }): Way =>
  apiChange({
    kind,
    requires: ['workload-changes'],
    undo: 'the deployment behind kube-dns gets as many replicas as it had, and the drill waits until its pods are ready, a pod of the shop gets an answer, and the platform is healthy',
    rights: [
      ...[
        'list services',
        'get deployments.apps',
        'list deployments.apps',
        'patch deployments.apps',
        'list pods',
        'watch pods',
      ].map((right) => `${right} in kube-system`),
      ...execRights,
    ],
    lasts: lastsMs,
    async aim({ workloads }) {
      const change = await workloads.dnsToZero();
      return typeof change === 'string' ? { problems: [`${kind} cannot be done: ${change}`] } : { change };
    },
  });
