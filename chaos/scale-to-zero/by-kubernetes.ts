import type { Way } from '../../src/model/fault.ts';
import { apiChange } from '../shared/api-change.ts';
import { oneWorkload } from '../shared/one-workload.ts';

interface Options {
  kind: string;
  workload: string | undefined;
  lastsMs: number | undefined;
}

/** Sets the replicas to 0: autoscaling is off for a workload without pods. Taken back by as many as there were. */
export const byKubernetes = ({ kind, workload, lastsMs }: Options): Way =>
  apiChange({
    kind,
    requires: ['workload-changes'],
    undo: 'it gets as many replicas as it had, and the drill waits until its pods are ready, and the platform is healthy',
    rights: ['get', 'list', 'patch'].flatMap((verb) => [`${verb} deployments.apps`, `${verb} statefulsets.apps`]),
    lasts: lastsMs,
    async aim({ workloads }) {
      const all = await workloads.list();
      const candidates = workload === undefined ? all.filter(({ servesShoppers }) => servesShoppers) : all;
      const found = oneWorkload(kind, candidates, workload);
      return 'problems' in found ? found : { change: await workloads.scaleToZero(found.workload) };
    },
  });
