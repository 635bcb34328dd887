import { resolve } from 'node:path';
import type { V1Service } from '@kubernetes/client-node';
import { ImageName } from 'testcontainers';
import { missingOf } from '../../../model/cluster-settings.ts';
import { cannotTell } from '../../../model/errors.ts';
import type { Platform } from '../../../model/platform.ts';
import type { Creation, Inventory, StandUpOptions, Target } from '../../../model/target.ts';
import { waitFor } from '../../../runtime/clock.ts';
import { isFile } from '../../../runtime/files.ts';
import { isPackage } from '../../../runtime/processes.ts';
import { clusterApi, listAll } from '../cluster-api.ts';
import { shopCreated } from '../creates.ts';
import { cnpgFailoverRights, rightsWithout } from '../failover-rights.ts';
import {
  capabilitiesOf,
  databaseInstances,
  kubernetesTarget,
  plannedWorkloads,
  standUpMs,
} from '../kubernetes-target.ts';
import { nodesOf } from '../open-cluster.ts';
import { clusterProtections } from '../protections.ts';
import { answerOf } from '../rights.ts';
import { settingsMadeOf } from '../settings-made-of.ts';
import { k3sUndoKind } from '../undo-kinds.ts';
import { nodePort, nodesPlanned } from './containers.ts';
import { docker } from './docker.ts';
import { manifestsLacking } from './extras.ts';
import { keepUp, keptCluster, keptProblems, type LoadedK3s, powerOf, removeK3s, startK3s } from './k3s-cluster.ts';
import { bootMsOn, nodeGroup } from './node-group.ts';
import { k3sName } from './place.ts';

/** Images are pulled, and seven containers boot. */
const k3sMs = 900_000;
/** metrics-server is the last to come up. */
const fitTimeoutMs = 120_000;
/** Docker 20.10, which was the first with cgroup namespaces of a container's own. */
const oldestApi = [1, 41] as const;

/** The reference platform on a k3s in containers on this machine: the one that is kept up, or one of the drill's own. */
export function k3sTarget(loaded: LoadedK3s, protections: string[]): Target {
  const { settings } = loaded;
  const { machines = powerOf(settings.k3s), timeScale, images } = settings;
  let leftBehind: Target['leftBehind'];
  return {
    name: 'kubernetes',
    capabilities: capabilitiesOf({ podNetwork: false, machines, images: { network: images.network } }),
    protections: [...protections, ...clusterProtections],
    creates: { always: [itsContainers(settings), ...shopCreated] },
    failoverRights: cnpgFailoverRights,
    rightsWithout,
    timeScale,
    missing: missingOf(settings),
    // Whoever has started it may do all.
    unfit: async (_, { readsOnly = false } = {}) => await unfit(loaded, { pulls: !readsOnly }),
    standUpMs: standUpMs + k3sMs,
    guide: 'docs/KUBERNETES.md',
    wayOut: 'name what the cluster can do in its settings: docs/KUBERNETES.md',
    versions: async () => settingsMadeOf(settings),
    inventory: () => inventoryOf(loaded),
    leftBehind: async (signal) => (await leftBehind?.(signal)) ?? [],
    async standUp(options) {
      const found = await clusterFor(loaded, protections, options);
      leftBehind = lookAfter(found);
      try {
        return owning(await found.inner.standUp({ ...options, keep: false }), bootMsOn(timeScale), found.end);
      } catch (error) {
        await found.end?.();
        throw error;
      }
    },
  };
}

const itsContainers = ({ k3s }: LoadedK3s['settings']): Creation => ({
  what: `the containers of ${k3sName}, a k3s with ${k3s.agents} agents, unless it is kept up already`,
  undo: 'the containers are removed, unless they are kept up',
});

async function unfit(loaded: LoadedK3s, { pulls }: { pulls: boolean }): Promise<string[]> {
  const { k3s, images } = loaded.settings;
  const problems = [
    ...manifestsLacking(k3s.manifests, loaded.folder),
    ...k3s.archives
      .filter((archive) => !isFile(resolve(loaded.folder, archive)))
      .map((archive) => `there is no archive ${archive}, which the settings name`),
    ...(process.platform !== 'linux' && images.storefront === undefined
      ? ["the storefront's image is built on Linux: name one in the settings (images.storefront)"]
      : []),
    ...(isPackage && images.storefront === undefined
      ? ["the storefront's image is built from a checkout: name one in the settings (images.storefront)"]
      : []),
  ];
  const engine = await engineProblems(pulls ? k3s.image : undefined);
  if (engine.length > 0) return [...problems, ...engine];
  return [...problems, ...(await keptProblems(loaded)), ...(await secondShop(loaded))];
}

/** What keeps Docker from running a k3s. @param image is pulled where it is not there */
async function engineProblems(image: string | undefined): Promise<string[]> {
  const client = await docker().catch((error: Error) => error);
  if (client instanceof Error) return [`${client.message}: start it, or set DOCKER_HOST to where it is`];
  const { ApiVersion } = await client.container.dockerode.version();
  if (!isRecent(ApiVersion))
    return [`Docker's API is ${ApiVersion}; ${oldestApi.join('.')} or later is needed (20.10)`];
  if (image === undefined) return [];
  const name = ImageName.fromString(image);
  return await client.image.pull(name).then(
    () => [],
    (error: Error) => [`the image ${name.string} cannot be had: ${error.message}`],
  );
}

/** @param version of Docker's API, as 1.41 */
export function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldestApi[0] || (major === oldestApi[0] && minor >= oldestApi[1]);
}

async function inventoryOf(loaded: LoadedK3s): Promise<Inventory> {
  const isUp = await keptCluster(loaded).catch(() => undefined);
  const api = isUp && clusterApi(isUp.settings);
  // Whoever has started it may do all.
  const asked =
    api &&
    (await answerOf(
      api,
      async () => [],
      () => nodesOf(api),
    ));
  const nodes = asked?.nodes ?? nodesPlanned(loaded.settings.k3s);
  const zones = [...new Set(nodes.map(({ zone }) => zone))].filter(Boolean).sort();
  return {
    nodes: nodes.filter(({ zone }) => zone !== ''),
    zones,
    databaseInstances: databaseInstances.map((id, index) => ({ id, zone: zones[index % zones.length] ?? '' })),
    workloads: await plannedWorkloads({ ...loaded.settings, reach: 'load-balancer' }),
  };
}

/** A k3s to drill on, as a target of its own. */
interface Found {
  inner: Target;
  /** Removes it; left out: it outlives the drill. */
  end?: () => Promise<void>;
}

/** What looks whether a cluster is as before: one that goes with its drill leaves nothing. */
export const lookAfter = ({ inner, end }: Found): Target['leftBehind'] => (end ? undefined : inner.leftBehind);

async function clusterFor(
  loaded: LoadedK3s,
  protections: string[],
  { keep, willChange, signal, progress }: StandUpOptions,
): Promise<Found> {
  const isUp = await keptCluster(loaded);
  if (isUp) {
    progress(`using the k3s that is kept up (${k3sName})`);
    return { inner: await kubernetesTarget(isUp, protections) };
  }
  const undone = willChange({ kind: k3sUndoKind, name: k3sName });
  const remove = async () => {
    await removeK3s();
    undone();
  };
  try {
    const cluster = await startK3s(loaded, { keep, signal, progress });
    const inner = await kubernetesTarget(cluster, protections);
    await waitUntilFit(inner, signal);
    if (!keep) return { inner, end: remove };
    await keepUp(loaded, cluster);
    undone();
    progress(`${k3sName} stays up: npm run platform -- down --target kubernetes removes it`);
    return { inner };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** There is one port for a shop. */
async function secondShop(loaded: LoadedK3s): Promise<string[]> {
  const isUp = await keptCluster(loaded);
  if (!isUp) return [];
  const { items } = await listAll<V1Service>(clusterApi(isUp.settings), 'v1', 'Service');
  const taken = items.find(({ spec }) => spec?.ports?.some((port) => port.nodePort === nodePort));
  if (!taken) return [];
  const { namespace } = taken.metadata ?? {};
  return [
    `the k3s that is kept up has a shop already, in namespace ${namespace}: npm run platform -- down --target kubernetes`,
  ];
}

async function waitUntilFit({ unfit: problemsOf }: Target, signal: AbortSignal): Promise<void> {
  const fit = async () => {
    const problems = (await problemsOf?.(signal)) ?? [];
    if (problems.length > 0) throw cannotTell(problems.join('; '));
    return true;
  };
  await waitFor('the k3s to have all that a drill needs', fit, { timeoutMs: fitTimeoutMs, intervalMs: 2_000, signal });
}

/** A platform with what goes with it. */
function owning(platform: Platform, bootMs: number, end: Found['end']): Platform {
  const group = nodeGroup(k3sName, bootMs);
  return {
    ...platform,
    fidelity: [
      ...platform.fidelity,
      `Its nodes are containers of one machine, with one kernel; one that is lost boots again after ${Math.round(bootMs / 1_000)} s, unless its zone is out.`,
    ],
    async [Symbol.asyncDispose]() {
      group[Symbol.dispose]();
      try {
        await platform[Symbol.asyncDispose]();
      } finally {
        await end?.();
      }
    },
  };
}
