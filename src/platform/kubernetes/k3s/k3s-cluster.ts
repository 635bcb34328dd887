import { chmod, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { KubeConfig, type V1Node } from '@kubernetes/client-node';
import { z } from 'zod';
import type { ClusterSettings, K3sSettings } from '../../../model/cluster-settings.ts';
import { cannotTell } from '../../../model/errors.ts';
import { waitFor } from '../../../runtime/clock.ts';
import { fingerprint, makeFolder, readJson, writeJson } from '../../../runtime/files.ts';
import { programAt } from '../../../runtime/processes.ts';
import { type ClusterApi, clusterApi, listAll } from '../cluster-api.ts';
import type { LoadedCluster } from '../kubernetes-target.ts';
import { nodeIsReady } from '../objects.ts';
import { containerOfNode, nodePort, startContainers } from './containers.ts';
import { containersOf, lastWords, removeContainers } from './docker.ts';
import { applyExtras, readExtras } from './extras.ts';
import { k3sFolder, k3sName, keptFile, kubeconfigFile } from './place.ts';
import { storefrontArchive, storefrontReference } from './storefront-archive.ts';

/** Settings of a k3s, and the folder that its file's relative paths and commands start from. */
export interface LoadedK3s {
  settings: K3sSettings;
  folder: string;
}

const nodesTimeoutMs = 240_000;

const keptSchema = z.object({ mark: z.string(), baseUrl: z.url(), storefront: z.string() });
type Kept = z.infer<typeof keptSchema>;

/** What tells one k3s from another that other settings, or other code, would make. */
const markOf = ({ settings, folder }: LoadedK3s, storefront: string): string =>
  fingerprint({ k3s: settings.k3s, folder, storefront });

const storefrontOf = async ({ settings }: LoadedK3s): Promise<string> =>
  settings.images.storefront ?? (await storefrontReference());

/** The k3s that somebody keeps up, if there is one. */
async function kept(): Promise<Kept | undefined> {
  const found = keptSchema.safeParse(await readJson(keptFile));
  if (!found.success) return undefined;
  const server = (await containersOf(k3sName)).find(({ Names }) => Names.includes(`/${k3sName}`));
  return server?.State === 'running' ? found.data : undefined;
}

/** The k3s that is up, for these settings; undefined where none is kept up. */
export async function keptCluster(loaded: LoadedK3s): Promise<LoadedCluster | undefined> {
  const found = await kept();
  return found && clusterOf(loaded, found);
}

/** Why the k3s that is up is not the one that these settings ask for; nothing where it is, or none is up. */
export async function keptProblems(loaded: LoadedK3s): Promise<string[]> {
  const found = await kept();
  if (!found || found.mark === markOf(loaded, await storefrontOf(loaded))) return [];
  return [
    'the k3s that is kept up was started with other settings or another storefront: npm run platform -- down --target kubernetes',
  ];
}

interface Starting {
  keep: boolean;
  signal: AbortSignal;
  progress: (message: string) => void;
}

/** Starts a k3s and what belongs to a cluster; whoever calls removes it again, also where this fails. */
export async function startK3s(loaded: LoadedK3s, { keep, signal, progress }: Starting): Promise<LoadedCluster> {
  const { settings, folder } = loaded;
  const { k3s } = settings;
  const extras = await readExtras(k3s.manifests, folder, signal);
  const storefront = await storefrontOf(loaded);
  const archives = k3s.archives.map((archive) => resolve(folder, archive));
  if (settings.images.storefront === undefined)
    archives.push(await storefrontArchive(storefront, k3sFolder, { progress, signal }));
  await removeK3s();
  progress(`starting a k3s in containers: a server and ${k3s.agents} agents`);
  const cluster = await booted(loaded, { storefront, archives, keep, signal }).catch(async (error: Error) => {
    signal.throwIfAborted();
    throw cannotTell(
      [`k3s did not start: ${error.message}`, ...(await lastWords(k3sName).catch(() => []))].join('\n'),
      {
        hint: 'npm run platform -- up --target kubernetes --cluster k3s tries it without a drill',
        cause: error,
      },
    );
  });
  const api = clusterApi(cluster.settings);
  progress('installing what the shop needs on it');
  await applyExtras(api, extras, signal);
  return cluster;
}

/** Containers, and the nodes in them. */
async function booted(
  loaded: LoadedK3s,
  { storefront, signal, ...how }: { storefront: string; archives: string[]; keep: boolean; signal: AbortSignal },
): Promise<LoadedCluster> {
  const { k3s } = loaded.settings;
  const { kubeconfig, baseUrl } = await startContainers({ name: k3sName, k3s, signal, ...how });
  await writeKubeconfig(kubeconfig);
  const cluster = clusterOf(loaded, { baseUrl, storefront });
  await nodesReady(clusterApi(cluster.settings), k3s.agents === 0 ? 1 : k3s.agents + 1, signal);
  return cluster;
}

/** From now on it is the one that is kept up. */
export async function keepUp(loaded: LoadedK3s, { settings: { baseUrl, images } }: LoadedCluster): Promise<void> {
  const { storefront } = images;
  await writeJson(keptFile, { mark: markOf(loaded, storefront), baseUrl, storefront });
}

/** Removes the k3s of this checkout; does nothing where there is none. */
export async function removeK3s(): Promise<void> {
  await removeContainers(k3sName);
  for (const file of [keptFile, kubeconfigFile]) await rm(file, { force: true });
}

/** Under one context, that of its name: in the file it is called `default`, as every k3s is. */
async function writeKubeconfig(text: string): Promise<void> {
  const config = new KubeConfig();
  config.loadFromString(text);
  const context = config.getContextObject(config.getCurrentContext());
  if (!context) throw cannotTell('the kubeconfig of k3s names no context');
  config.loadFromOptions({
    clusters: config.clusters,
    users: config.users,
    contexts: [{ ...context, name: k3sName }],
    currentContext: k3sName,
  });
  await makeFolder(k3sFolder);
  await writeJson(kubeconfigFile, JSON.parse(config.exportConfig()));
  // Whoever reads it may do anything on that cluster.
  await chmod(kubeconfigFile, 0o600);
}

/** A k3s as any cluster is described. */
function clusterOf(
  { settings, folder }: LoadedK3s,
  { baseUrl, storefront }: Pick<Kept, 'baseUrl' | 'storefront'>,
): LoadedCluster {
  const { k3s, images, machines = powerOf(k3s), ...rest } = settings;
  const own: ClusterSettings = {
    ...rest,
    kubeconfig: kubeconfigFile,
    context: k3sName,
    images: { ...images, storefront },
    reach: 'load-balancer',
    baseUrl,
    nodePort,
    podNetwork: false,
    ...(machines && { machines }),
  };
  return { settings: own, folder };
}

/** The machines of the nodes are containers. */
export function powerOf({ agents }: K3sSettings['k3s']): ClusterSettings['machines'] {
  if (agents === 0) return undefined;
  const command = (to: 'off' | 'on') => ({
    argv: [
      process.execPath,
      programAt('src', 'platform', 'kubernetes', 'k3s', 'power'),
      to,
      containerOfNode(k3sName, '{node}'),
    ] as [string, ...string[]],
    timeoutMs: 60_000,
  });
  return { off: command('off'), on: command('on') };
}

async function nodesReady(api: ClusterApi, wanted: number, signal: AbortSignal): Promise<void> {
  const given = new AbortController();
  const ready = async () => {
    const ended = (await containersOf(k3sName)).find(({ State }) => State === 'exited');
    if (ended) given.abort(new Error(`the container ${ended.Names[0]?.slice(1)} has ended`));
    const { items } = await listAll<V1Node>(api, 'v1', 'Node');
    const count = items.filter(nodeIsReady).length;
    if (count >= wanted && count === items.length) return true;
    throw new Error(`${count} of ${Math.max(wanted, items.length)} are ready`);
  };
  const waiting = { timeoutMs: nodesTimeoutMs, intervalMs: 1_000, signal: AbortSignal.any([signal, given.signal]) };
  await waitFor("the k3s's nodes", ready, waiting);
}
