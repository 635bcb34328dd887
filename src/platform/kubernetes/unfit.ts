import { ApisApi, StorageV1Api, type V1Node, VersionApi } from '@kubernetes/client-node';
import type { ClusterSettings } from '../../model/cluster-settings.ts';
import { type ClusterApi, listAll, problemsIn } from './cluster-api.ts';
import { classLacking } from './default-class.ts';
import { ingressClassLacks } from './ingress-class.ts';
import { podRights } from './load/rights.ts';
import { capacityOf, nodeIsUsable, zoneOf } from './objects.ts';
import { foundWith, type Right, rightsFor, rightsNamed } from './rights.ts';

/** preStop.sleep is on by default since. */
const oldestMinor = 30;
const zonesNeeded = 3;

type Look = (api: ClusterApi, settings: ClusterSettings) => Promise<string[]>;

/**
 * What keeps the platform from being stood up on a cluster, in words, all at once; changes nothing.
 * @param faultRights what the fault needs besides
 */
export async function unfitFor(
  api: ClusterApi,
  settings: ClusterSettings,
  signal: AbortSignal,
  faultRights: readonly string[] = [],
): Promise<string[]> {
  return await problemsIn(api, signal, async () => {
    // Where it cannot be asked at all, once is enough.
    const version = await tooOld(api, settings);
    const rights = await allRights(api, settings, faultRights);
    const found = await foundWith(
      api,
      rights,
      looks.map((look) => () => look(api, settings)),
    );
    return [...version, ...found];
  });
}

/** What a drill needs to be allowed to do, that of its fault and of its instruments too. */
export const allRights = async (
  api: ClusterApi,
  settings: ClusterSettings,
  faultRights: readonly string[] = [],
): Promise<Right[]> => [
  ...rightsFor(settings),
  ...(await podRights(api, settings.images)),
  // The namespace is a new one each time, so they are needed in all of them.
  ...rightsNamed(faultRights),
];

const tooOld: Look = async ({ config }) => {
  const { major, minor } = await config.makeApiClient(VersionApi).getCode();
  const number = Number.parseInt(minor, 10);
  return number >= oldestMinor
    ? []
    : [`it is Kubernetes ${major}.${minor}; ${major}.${oldestMinor} or later is needed`];
};

const apis: Look = async ({ config }) => {
  const { groups } = await config.makeApiClient(ApisApi).getAPIVersions();
  const has = (name: string) => groups.some((group) => group.name === name);
  return [
    ...(has('postgresql.cnpg.io')
      ? []
      : ['CloudNativePG is not installed, and the database runs on it: https://cloudnative-pg.io/docs says how']),
    ...(has('metrics.k8s.io') ? [] : ['there is no metrics API, by which pods are scaled: install metrics-server']),
  ];
};

const zones: Look = async (api) => {
  const { items } = await listAll<V1Node>(api, 'v1', 'Node');
  // The database runs on no others.
  const onDemand = items.filter((node) => nodeIsUsable(node) && capacityOf(node) === 'on-demand');
  const names = [...new Set(onDemand.map(zoneOf))].filter(Boolean);
  return names.length >= zonesNeeded
    ? []
    : [
        `its on-demand nodes are in ${names.length === 0 ? 'no zone' : `${names.length} zones (${names.join(', ')})`}, and the database needs ${zonesNeeded}: label nodes with topology.kubernetes.io/zone`,
      ];
};

const storage: Look = async ({ config }, { storageClass }) => {
  const { items } = await config.makeApiClient(StorageV1Api).listStorageClass();
  const found = classLacking('storage', items, storageClass);
  if (!found) return [];
  const { lacking, names } = found;
  return [
    `there is ${lacking}; ${names.length === 0 ? 'there is none at all' : `name one of ${names.join(', ')} in the settings`}`,
  ];
};

const looks: Look[] = [apis, zones, storage, ingressClassLacks];
