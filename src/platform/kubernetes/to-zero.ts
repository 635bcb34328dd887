import type { Change } from '../../model/facets.ts';
import type { ClusterApi, ClusterPlace } from './cluster-api.ts';
import { type Field, fieldChange, readObject } from './field-change.ts';

/** Leaves a workload without pods. Mended once as many as it had are ready. */
export function toZero(
  api: ClusterApi,
  place: ClusterPlace,
  workload: Omit<Field, 'path'>,
  replicas: number,
): Omit<Change, 'evidence'> & Pick<Required<Change>, 'mended'> {
  const field = { ...workload, path: '/spec/replicas' };
  return {
    ...fieldChange(api, place, field, { former: replicas, given: 0 }),
    mended: () => podsLacking(api, field, replicas),
  };
}

/**
 * Which pods of it are still to come, in words: asked for, as a watch may still tell of none wanted. An autoscaler, or somebody else, may
 * have scaled or deleted it since: then it is theirs how many there are.
 */
async function podsLacking(api: ClusterApi, field: Field, replicas: number): Promise<string | undefined> {
  const found = await readObject(api, field);
  if (found === null) return undefined;
  const wanted = Math.min(replicas, found.spec?.replicas ?? 1);
  const ready = found.status?.readyReplicas ?? 0;
  return ready < wanted ? `${ready} of ${wanted} pods of ${field.name} are ready` : undefined;
}
