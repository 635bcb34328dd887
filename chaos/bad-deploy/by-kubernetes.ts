import type { WorkloadState } from '../../src/model/facets.ts';
import type { Way } from '../../src/model/fault.ts';
import { apiChange } from '../shared/api-change.ts';
import { oneWorkload } from '../shared/one-workload.ts';

/** Gives the deployment's pods a readiness probe that always fails. Taken back by its former one: the former revision. */
export const byKubernetes = ({ kind, deployment }: { kind: string; deployment: string | undefined }): Way =>
  apiChange({
    kind,
    requires: ['workload-changes'],
    undo: 'the deployment is rolled back to its former revision, and the drill waits until the platform is healthy',
    rights: ['get deployments.apps', 'list deployments.apps', 'list statefulsets.apps', 'patch deployments.apps'],
    async aim({ workloads }) {
      const isMeant = ({ kind: of, servesShoppers }: WorkloadState) => of === 'Deployment' && servesShoppers;
      const found = oneWorkload(kind, (await workloads.list()).filter(isMeant), deployment);
      return 'problems' in found ? found : { change: await workloads.rollOutUnready(found.workload) };
    },
  });
