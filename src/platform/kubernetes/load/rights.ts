import type { ClusterApi } from '../cluster-api.ts';
import { type Right, watch } from '../rights.ts';
import { launchOn } from './launch.ts';
import { operatorGroup } from './test-run.ts';

/** What k6, or the sentinel, in pods of a namespace of their own needs. */
const rights: readonly Right[] = [
  { group: '', resource: 'namespaces', verbs: ['get', 'create', 'delete'] },
  { group: '', resource: 'nodes', verbs: ['list'] },
  { group: '', resource: 'pods', verbs: [...watch, 'deletecollection'] },
  { group: '', resource: 'pods/log', verbs: ['get'] },
  { group: '', resource: 'events', verbs: ['list'] },
  { group: '', resource: 'pods/portforward', verbs: ['get', 'create'] },
  { group: '', resource: 'configmaps', verbs: ['create', 'patch'] },
  { group: '', resource: 'secrets', verbs: ['create', 'patch'] },
  { group: 'batch', resource: 'jobs', verbs: ['create', 'patch'] },
];

const operatorRights: readonly Right[] = [
  { group: operatorGroup, resource: 'testruns', verbs: ['get', 'create', 'patch'] },
];

/** What load, or the sentinel, from pods of a cluster needs to be allowed to do: nothing where no image is named for it. */
export async function podRights(
  api: ClusterApi,
  { k6, sentinel }: { k6?: string | undefined; sentinel?: string | undefined } = {},
): Promise<Right[]> {
  if (k6 === undefined && sentinel === undefined) return [];
  const by = k6 === undefined ? 'jobs' : (await launchOn(api)).by;
  return [...rights, ...(by === 'k6-operator' ? operatorRights : [])];
}
