import { NetworkingV1Api, type V1NetworkPolicy, type V1Pod, type V1Service } from '@kubernetes/client-node';
import { cannotTell } from '../../model/errors.ts';
import type { Change, NetworkRules } from '../../model/facets.ts';
import type { TellLeft, Undo } from '../../model/fault.ts';
import { waitFor } from '../../runtime/clock.ts';
import { apiWords, type ClusterApi, type ClusterPlace, isNotFound, listAll, sameCluster } from './cluster-api.ts';
import { execByAny, execIn } from './exec.ts';
import { selects } from './label-selector.ts';
import { runLabel } from './manifests.ts';
import { podIsReady, servingContainer } from './objects.ts';
import { policyUndoKind } from './undo-kinds.ts';
import { hasLabels, type Workload } from './workload.ts';

/** A policy engine takes well under a second; one that takes longer than this is taken for none. */
const enforcedMs = 15_000;
/** Each time a program is started in a pod, beside what the pod has to do. */
const tryEveryMs = 1_000;
const databasePort = 5432;

export interface CutParts {
  workload: Workload;
  /** The name of the CloudNativePG cluster. */
  database: string;
  pods: () => readonly V1Pod[];
  place: ClusterPlace;
}

/** Keeps the shop's pods from the database, by a NetworkPolicy. */
export const networkRules = (api: ClusterApi, parts: CutParts): NetworkRules => ({
  cutFromDatabase: (runId) => cutFromDatabase(api, parts, runId),
  databasePods: () => instancesOf(parts).map(({ metadata }) => metadata?.name ?? ''),
  async whyOutOfReach(name) {
    const pod = parts.pods().find(({ metadata }) => metadata?.name === name);
    if (!pod) throw cannotTell(`there is no pod ${name} any more`);
    return await whyOutOfReach(api, parts, pod);
  },
});

async function cutFromDatabase(api: ClusterApi, parts: CutParts, runId: string): Promise<Change | string> {
  const { workload, place } = parts;
  const { namespace } = workload;
  const shopPod = parts.pods().find((pod) => hasLabels(pod.metadata?.labels, workload.labels) && podIsReady(pod));
  if (!shopPod) return 'no pod of the shop is ready that could show whether it reaches the database';
  const { labels = {} } = shopPod.metadata ?? {};
  const { items } = await listAll<V1NetworkPolicy>(api, 'networking.k8s.io/v1', 'NetworkPolicy', { namespace });
  const others = items.filter((policy) => limitsWayOut(policy, labels)).map(({ metadata }) => metadata?.name);
  if (others.length > 0)
    return `what the NetworkPolicy ${others.join(', ')} lets the shop's pods reach, no other one can take away`;
  const before = await whyOutOfReach(api, parts, shopPod).catch((error: Error) => error);
  if (before instanceof Error) return `whether the database is reached cannot be shown: ${before.message}`;
  if (before !== null) return `the database is out of reach of pod ${shopPod.metadata?.name} already: ${before}`;
  const services = await listAll<V1Service>(api, 'v1', 'Service', { namespace });
  const policy = policyOf(parts, services.items, runId);
  const undo = { kind: policyUndoKind, ...place, namespace, name: policy.metadata?.name ?? '', runId };
  return {
    undo,
    async make() {
      await create(api, policy);
      await untilEnforced(() => whyOutOfReach(api, parts, shopPod), policy);
      for (const pod of instancesOf(parts)) {
        const failure = await inDatabase(api, pod, endConnections(addressesOf(parts)));
        if (failure !== null) throw cannotTell(`${pod.metadata?.name} does not end the shop's connections: ${failure}`);
      }
    },
    takeBack: (tell) => removePolicy(api, undo, tell),
    askEveryMs: tryEveryMs,
    async evidence() {
      const why = await whyOutOfReach(api, parts, shopPod);
      const open = await Promise.all(
        instancesOf(parts).map((pod) => inDatabase(api, pod, refuseConnections(addressesOf(parts)))),
      );
      if (why === null || open.some((failure) => failure !== null)) return undefined;
      return `pod ${shopPod.metadata?.name} cannot connect to the database, and no connection of the shop's pods is open`;
    },
  };
}

const limitsWayOut = ({ spec }: V1NetworkPolicy, labels: Record<string, string>): boolean =>
  (spec?.policyTypes?.includes('Egress') ?? spec?.egress !== undefined) && selects(spec?.podSelector ?? {}, labels);

const instancesOf = ({ pods, database }: CutParts): V1Pod[] =>
  pods().filter(({ metadata }) =>
    hasLabels(metadata?.labels, { 'cnpg.io/cluster': database, 'cnpg.io/podRole': 'instance' }),
  );

/** One of each family. */
const addressOf = ({ status }: V1Pod): string[] => (status?.podIPs ?? []).map(({ ip }) => ip);

const addressesOf = ({ pods, workload }: CutParts): string[] =>
  pods()
    .filter(({ metadata }) => hasLabels(metadata?.labels, workload.labels))
    .flatMap(addressOf);

const isIPv6 = (address: string): boolean => address.includes(':');

/** Lets the shop's pods reach everything but the database. @param services those of the namespace */
export function policyOf(parts: CutParts, services: readonly V1Service[], runId: string): V1NetworkPolicy {
  const { namespace, labels } = parts.workload;
  const ofDatabase = [
    ...instancesOf(parts).flatMap(addressOf),
    // Some engines look at an address before it is translated to a pod's.
    ...services
      .filter(({ spec }) => spec?.selector?.['cnpg.io/cluster'] === parts.database)
      .flatMap(({ spec }) => spec?.clusterIPs ?? [])
      .filter((address) => address !== 'None'),
  ];
  const hasIPv6 = [...ofDatabase, ...addressesOf(parts)].some(isIPv6);
  const allBut = (cidr: string, bits: number, addresses: readonly string[]) => ({
    ipBlock: { cidr, except: addresses.map((address) => `${address}/${bits}`) },
  });
  const isNot = (key: string, value: string) => ({ matchExpressions: [{ key, operator: 'NotIn', values: [value] }] });
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `tenfold-${runId.toLowerCase()}`, namespace, labels: { [runLabel]: runId } },
    spec: {
      podSelector: { matchLabels: { ...labels } },
      policyTypes: ['Egress'],
      egress: [
        {
          to: [
            { podSelector: isNot('cnpg.io/cluster', parts.database) },
            { namespaceSelector: isNot('kubernetes.io/metadata.name', namespace) },
            // What is no pod. Engines differ in whether this also means pods, so the database's are left out by address too.
            allBut(
              '0.0.0.0/0',
              32,
              ofDatabase.filter((address) => !isIPv6(address)),
            ),
            ...(hasIPv6 ? [allBut('::/0', 128, ofDatabase.filter(isIPv6))] : []),
          ],
        },
      ],
    },
  };
}

async function create({ config }: ClusterApi, policy: V1NetworkPolicy): Promise<void> {
  const { namespace = '', name } = policy.metadata ?? {};
  await config
    .makeApiClient(NetworkingV1Api)
    .createNamespacedNetworkPolicy({ namespace, body: policy, fieldManager: 'tenfold' })
    .catch((error: unknown) => {
      throw new Error(`NetworkPolicy ${name} was refused: ${apiWords(error)}`, { cause: error });
    });
}

async function untilEnforced(ask: () => Promise<string | null>, { metadata }: V1NetworkPolicy): Promise<void> {
  let failure: unknown;
  const refused = async () => {
    try {
      failure = undefined;
      return (await ask()) === null ? undefined : true;
    } catch (error) {
      failure = error;
      return undefined;
    }
  };
  const waiting = { timeoutMs: enforcedMs, intervalMs: tryEveryMs };
  await waitFor('the policy to be enforced', refused, waiting).catch(() => {
    if (failure !== undefined) throw failure;
    throw cannotTell(
      `a pod of the shop still connects to the database ${enforcedMs / 1000} s after the NetworkPolicy ${metadata?.name}: ` +
        'nothing in this cluster enforces network policies',
    );
  });
}

/** Why a shop's pod cannot connect to the database; null where it can. @throws where its image has nothing to try it by */
async function whyOutOfReach(api: ClusterApi, parts: CutParts, { metadata, spec }: V1Pod): Promise<string | null> {
  const { namespace } = parts.workload;
  const host = `${parts.database}-rw.${namespace}.svc`;
  const place = { namespace, pod: metadata?.name ?? '', container: servingContainer(spec?.containers).container.name };
  const script = `const s = require('net').connect(${databasePort}, '${host}', () => process.exit(0));
    s.setTimeout(2000, () => process.exit(1)).on('error', () => process.exit(1))`;
  const failure = await execByAny(api, place, [
    ['nc', '-z', '-w', '2', host, String(databasePort)],
    ['node', '-e', script],
    ['python3', '-c', `import socket; socket.create_connection(('${host}', ${databasePort}), 2)`],
  ]);
  if (failure === undefined) throw cannotTell(`pod ${place.pod} ended while it tried to reach the database`);
  return failure;
}

/** Policy engines let be what is open: the database ends it. */
const endConnections = (addresses: readonly string[]): string =>
  `select pg_terminate_backend(pid) from pg_stat_activity where ${isFrom(addresses)}`;

/** Fails while there is one. */
const refuseConnections = (addresses: readonly string[]): string =>
  `select 1 / (case when exists (select from pg_stat_activity where ${isFrom(addresses)}) then 0 else 1 end)`;

const isFrom = (addresses: readonly string[]): string =>
  `host(client_addr) in (${addresses.map((address) => `'${address}'`).join(', ') || 'null'})`;

async function inDatabase(api: ClusterApi, { metadata }: V1Pod, sql: string): Promise<string | null> {
  const { name: pod = '', namespace = '' } = metadata ?? {};
  const failure = await execIn(api, { namespace, pod, container: 'postgres' }, ['psql', '-U', 'postgres', '-c', sql]);
  return failure === undefined ? 'it ended without a word' : failure;
}

/** Deletes a run's policy, for a drill that has died too. */
export async function undoPolicy({ namespace, name, runId, ...place }: Undo, tell: TellLeft): Promise<void> {
  await removePolicy(await sameCluster(place), { namespace, name, runId }, tell);
}

async function removePolicy({ config }: ClusterApi, undo: Record<string, unknown>, tell: TellLeft): Promise<void> {
  const networking = config.makeApiClient(NetworkingV1Api);
  const named = { namespace: String(undo.namespace), name: String(undo.name) };
  try {
    const { metadata } = await networking.readNamespacedNetworkPolicy(named);
    if (metadata?.labels?.[runLabel] === undo.runId) await networking.deleteNamespacedNetworkPolicy(named);
    else tell(`NetworkPolicy ${named.name} in ${named.namespace} is no longer the run's, by its label`);
  } catch (error) {
    if (!isNotFound(error))
      throw new Error(`NetworkPolicy ${named.name} was not deleted: ${apiWords(error)}`, { cause: error });
  }
}
