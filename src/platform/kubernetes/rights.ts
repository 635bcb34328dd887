import { AuthorizationV1Api } from '@kubernetes/client-node';
import type { ClusterSettings } from '../../model/cluster-settings.ts';
import { invalid } from '../../model/errors.ts';
import { type ClusterApi, isForbidden, whyNot } from './cluster-api.ts';
import { lockNamespace } from './cluster-lock.ts';

/** What a drill has to be allowed to do with a resource. */
export interface Right {
  group: string;
  resource: string;
  verbs: readonly string[];
  /** Left out: in all namespaces, or of no namespace. */
  namespace?: string | undefined;
}

export const watch = ['get', 'list', 'watch'] as const;
const apply = [...watch, 'create', 'patch'] as const;

const leases = { group: 'coordination.k8s.io', resource: 'leases' };
/** Those of nodes are watched, and one of its own keeps other drills away. */
export const leaseRights: readonly Right[] = [
  { ...leases, verbs: watch, namespace: 'kube-node-lease' },
  { ...leases, verbs: ['get', 'create', 'update', 'delete'], namespace: lockNamespace },
];

/** The same rights in one namespace alone. */
export const inNamespace = (namespace: string, asked: readonly Right[]): Right[] =>
  asked.map((right) => ({ ...right, namespace }));

const always: readonly Right[] = [
  { group: '', resource: 'nodes', verbs: [...watch, 'patch'] },
  { group: '', resource: 'namespaces', verbs: ['get', 'create', 'delete'] },
  { group: '', resource: 'pods', verbs: [...watch, 'create', 'patch', 'delete', 'deletecollection'] },
  { group: '', resource: 'pods/portforward', verbs: ['get', 'create'] },
  { group: '', resource: 'pods/eviction', verbs: ['create'] },
  { group: '', resource: 'events', verbs: watch },
  ...leaseRights,
  { group: 'discovery.k8s.io', resource: 'endpointslices', verbs: watch },
  { group: '', resource: 'secrets', verbs: apply },
  { group: '', resource: 'services', verbs: apply },
  { group: '', resource: 'serviceaccounts', verbs: apply },
  { group: 'apps', resource: 'deployments', verbs: apply },
  { group: 'apps', resource: 'statefulsets', verbs: ['list'] },
  { group: 'batch', resource: 'jobs', verbs: apply },
  { group: 'autoscaling', resource: 'horizontalpodautoscalers', verbs: apply },
  { group: 'policy', resource: 'poddisruptionbudgets', verbs: apply },
  { group: 'networking.k8s.io', resource: 'networkpolicies', verbs: apply },
  { group: 'scheduling.k8s.io', resource: 'priorityclasses', verbs: [...apply, 'deletecollection'] },
  { group: 'postgresql.cnpg.io', resource: 'clusters', verbs: apply },
  { group: 'postgresql.cnpg.io', resource: 'clusters/status', verbs: ['patch'] },
  { group: 'metrics.k8s.io', resource: 'pods', verbs: ['list'] },
  { group: 'storage.k8s.io', resource: 'storageclasses', verbs: ['list'] },
];

const forIngress: readonly Right[] = [
  { group: 'networking.k8s.io', resource: 'ingresses', verbs: apply },
  { group: 'networking.k8s.io', resource: 'ingressclasses', verbs: ['list'] },
];

/** What standing the platform up, watching it and taking it down needs, all over the cluster: the namespace is a new one each time. */
export const rightsFor = ({ reach, images }: ClusterSettings): Right[] => [
  ...always,
  ...(reach === 'ingress' ? forIngress : []),
  // Its Pod Security is relaxed for a moment.
  ...(images.network === undefined ? [] : [{ group: '', resource: 'namespaces', verbs: ['patch'] }]),
];

/** A right as `kubectl auth can-i` takes it: `patch deployments.apps`, `create pods/exec`; also `list services in kube-system`, or `in *`. */
export function rightNamed(words: string): Right {
  const [verb = '', path = '', , namespace] = words.split(' ');
  const [, resource = '', group = '', subresource = ''] = /^([^./]+)(?:\.([^/]+))?(\/.+)?$/.exec(path) ?? [];
  const place = namespace === undefined ? {} : { namespace: namespace === '*' ? undefined : namespace };
  return { group, resource: resource + subresource, verbs: [verb], ...place };
}

const apiRight = /^(get|list|watch|create|update|patch|delete|deletecollection) \S+( in \S+)?$/;

/** Those of a fault that are rights of the API: others are to do something of a cloud's, or to run a command. */
export const rightsNamed = (words: readonly string[]): Right[] =>
  words.filter((one) => apiRight.test(one)).map(rightNamed);

/** The same in one namespace, where they name none; nodes and namespaces are in none. */
export const rightsNamedIn = (namespace: string, words: readonly string[]): Right[] =>
  rightsNamed(words).map((right) =>
    ['nodes', 'namespaces'].includes(right.resource) ? right : { namespace, ...right },
  );

/** Each resource once. */
function merged(asked: readonly Right[]): Right[] {
  const byResource = Map.groupBy(asked, ({ namespace, group, resource }) => [namespace, group, resource].join(' '));
  return [...byResource.values()].flatMap(([right, ...others]) =>
    right ? [{ ...right, verbs: [...new Set([right, ...others].flatMap(({ verbs }) => verbs))] }] : [],
  );
}

/**
 * Which rights are missing, in words, with the roles that would do. Each role has all that is asked for in its place, also what is
 * allowed already: applying it takes no right away.
 */
export async function rightsLacking(api: ClusterApi, asked: readonly Right[]): Promise<string[]> {
  const all = merged(asked);
  const missing = await missingRights(api, all);
  if (missing.length === 0) return [];
  const isMissingIn = (place: string | undefined) => missing.some(({ namespace }) => namespace === place);
  const roles = [...Map.groupBy(all, ({ namespace }) => namespace)].flatMap(([place, rights]) =>
    isMissingIn(place) ? [roleFor(place, rights)] : [],
  );
  return [
    `you may not ${missing.map(inWords).join('; ')}. ${roles.length === 1 ? 'This role' : 'These roles'} would do:\n${roles.join('\n---\n')}`,
  ];
}

const inWords = ({ group, resource: path, verbs, namespace }: Right): string => {
  const [resource = '', ...subresource] = path.split('/');
  const name = [group === '' ? resource : `${resource}.${group}`, ...subresource].join('/');
  return `${verbs.join(', ')} ${name}${namespace === undefined ? '' : ` in ${namespace}`}`;
};

/**
 * What is found on a cluster, in words, with the rights that are missing: what could not be looked at for want of them is not told
 * once more.
 */
export async function foundWith(
  api: ClusterApi,
  asked: readonly Right[],
  looks: readonly (() => Promise<string[]>)[],
): Promise<string[]> {
  const lacking = await rightsLacking(api, asked);
  const found = await Promise.all(
    looks.map((look) =>
      look().catch((error: unknown) => {
        if (lacking.length > 0 && isForbidden(error)) return [];
        throw error;
      }),
    ),
  );
  return [...lacking, ...found.flat()];
}

/**
 * What a cluster answers.
 * @param asked all that a drill needs: where it may not answer, all rights that are missing are told
 * @throws TenfoldError (invalid) when it cannot be asked
 */
export async function answerOf<T>(
  api: ClusterApi,
  asked: () => Promise<readonly Right[]>,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const lacking = isForbidden(error) ? await rightsLacking(api, await asked()) : [];
    if (lacking.length > 0) throw invalid(lacking, roleHint);
    const { message, hint } = whyNot(api.context, error);
    throw invalid(message, hint);
  }
}

const roleHint = 'have it bound to you; kubectl auth reconcile -f adds it to one that is there. Nothing was started';

/** The rights of which at least one verb is missing, with those verbs. */
async function missingRights({ config }: ClusterApi, asked: readonly Right[]): Promise<Right[]> {
  const reviews = config.makeApiClient(AuthorizationV1Api);
  const isAllowed = async ({ group, resource: path, namespace }: Right, verb: string) => {
    const [resource = '', subresource] = path.split('/');
    const resourceAttributes = {
      group,
      resource,
      verb,
      ...(subresource && { subresource }),
      ...(namespace && { namespace }),
    };
    const body = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
    };
    return (await reviews.createSelfSubjectAccessReview({ body })).status?.allowed === true;
  };
  const missing = await Promise.all(
    asked.map(async (right) => {
      const allowed = await Promise.all(right.verbs.map((verb) => isAllowed(right, verb)));
      return { ...right, verbs: right.verbs.filter((_, index) => !allowed[index]) };
    }),
  );
  return missing.filter(({ verbs }) => verbs.length > 0);
}

/** Rights of one place as the rules of a role. */
const roleFor = (namespace: string | undefined, rights: readonly Right[]): string =>
  [
    'apiVersion: rbac.authorization.k8s.io/v1',
    `kind: ${namespace === undefined ? 'ClusterRole' : 'Role'}`,
    `metadata: { name: tenfold${namespace === undefined ? '' : `, namespace: ${namespace}`} }`,
    'rules:',
    ...rights.map(
      ({ group, resource, verbs }) =>
        `  - { apiGroups: ["${group}"], resources: [${resource}], verbs: [${verbs.join(', ')}] }`,
    ),
  ].join('\n');
