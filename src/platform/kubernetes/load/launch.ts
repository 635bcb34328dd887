import { ApisApi, type V1Pod } from '@kubernetes/client-node';
import type { LoadOrder } from '../../../model/facets.ts';
import type { ClusterApi } from '../cluster-api.ts';
import type { Manifest } from '../manifests.ts';
import { type LoadWish, runnerJob, runnerLabel } from './measuring-pods.ts';
import { operatorGroup, operatorLacks, runnerOfOperator, testRun } from './test-run.ts';

/** How runners are made: by Jobs of our own, or by k6-operator. */
export interface Launch {
  by: 'jobs' | 'k6-operator';
  objects(wish: LoadWish, order: Pick<LoadOrder, 'args' | 'argsOfEach'>): Manifest[];
  /** The number of the runner whose pod it is, from 1; undefined: it is no runner's. */
  runnerOf(pod: V1Pod): number | undefined;
  /** What keeps the runners from being there that their pods do not tell. */
  lacks(api: ClusterApi, namespace: string): Promise<string[]>;
}

const byJobs: Launch = {
  by: 'jobs',
  objects: (wish, { args, argsOfEach }) => argsOfEach.map((own, index) => runnerJob(wish, index, [...args, ...own])),
  runnerOf: ({ metadata }) => Number(metadata?.labels?.[runnerLabel]) || undefined,
  lacks: async () => [],
};

const byOperator: Launch = {
  by: 'k6-operator',
  // The operator cuts the schedule by itself, in the same way.
  objects: (wish, { args, argsOfEach }) => [testRun(wish, argsOfEach.length, args)],
  runnerOf: runnerOfOperator,
  lacks: operatorLacks,
};

/** By the operator, where it is installed. */
export async function launchOn({ config }: ClusterApi): Promise<Launch> {
  const { groups } = await config.makeApiClient(ApisApi).getAPIVersions();
  return groups.some(({ name }) => name === operatorGroup) ? byOperator : byJobs;
}
