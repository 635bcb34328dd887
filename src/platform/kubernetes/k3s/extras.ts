/** What a cluster has besides a shop, as CloudNativePG. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { loadYaml, type V1DaemonSet, type V1Deployment } from '@kubernetes/client-node';
import { EnvHttpProxyAgent, fetch } from 'undici';
import { cannotTell } from '../../../model/errors.ts';
import { isFile } from '../../../runtime/files.ts';
import { apply, type ClusterApi, listAll } from '../cluster-api.ts';
import type { Manifest } from '../manifests.ts';
import { waitForPods } from '../stuck-pods.ts';

const fetchTimeoutMs = 60_000;
/** Images are pulled first. */
const readyTimeoutMs = 300_000;

const isUrl = (from: string): boolean => /^https?:\/\//.test(from);

/** Which manifests are not there, in words; those of URLs are not asked for. */
export const manifestsLacking = (manifests: readonly string[], folder: string): string[] =>
  manifests
    .filter((from) => !isUrl(from) && !isFile(resolve(folder, from)))
    .map((from) => `there is no manifest ${from}, which the settings name`);

/** The objects of manifests, from files or URLs. @throws with which one could not be had, and why */
export async function readExtras(
  manifests: readonly string[],
  folder: string,
  signal: AbortSignal,
): Promise<Manifest[]> {
  const texts = await Promise.all(
    manifests.map(async (from) => {
      const text = isUrl(from) ? download(from, signal) : readFile(resolve(folder, from), 'utf8');
      return await text.catch((error: Error & { cause?: Error }) => {
        signal.throwIfAborted();
        throw cannotTell(`the manifest ${from} cannot be had: ${error.cause?.message || error.message}`, {
          hint: 'docs/KUBERNETES.md says how to name a file instead',
          cause: error,
        });
      });
    }),
  );
  return texts.flatMap(documentsIn).map((text) => loadYaml<Manifest>(text));
}

/** Those of a file that hold more than comments: the client's own reader stumbles over an empty one. */
const documentsIn = (text: string): string[] =>
  text.split(/^---(?=\s|$)/m).filter((document) => /^[^#\s]/m.test(document));

async function download(url: string, signal: AbortSignal): Promise<string> {
  await using dispatcher = await proxied();
  const answer = await fetch(url, {
    dispatcher: dispatcher.agent,
    signal: AbortSignal.any([signal, AbortSignal.timeout(fetchTimeoutMs)]),
  });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return await answer.text();
}

/** As the environment says: a registry of manifests is often behind a proxy. */
async function proxied() {
  const agent = new EnvHttpProxyAgent();
  return { agent, [Symbol.asyncDispose]: () => agent.close() };
}

/** Applies objects and waits until what they run is ready. @throws with what is not, and why */
export async function applyExtras(api: ClusterApi, objects: readonly Manifest[], signal: AbortSignal): Promise<void> {
  // Whoever changes them afterwards, as operators do, may keep what they change.
  for (const object of objects) await apply(api, object, { force: true });
  const running = objects.filter(({ kind = '' }) => ['Deployment', 'DaemonSet'].includes(kind));
  const namespaces = [...new Set(running.map(({ metadata }) => metadata?.namespace ?? 'default'))];
  for (const namespace of namespaces) {
    const waiting = { api, namespace, timeoutMs: readyTimeoutMs, signal };
    await waitForPods(`what runs in ${namespace}`, waiting, () => workloadsLack(api, namespace));
  }
}

async function workloadsLack(api: ClusterApi, namespace: string): Promise<string | undefined> {
  const deployments = (await listAll<V1Deployment>(api, 'apps/v1', 'Deployment', { namespace })).items;
  const daemons = (await listAll<V1DaemonSet>(api, 'apps/v1', 'DaemonSet', { namespace })).items;
  const late = [
    ...deployments.filter(({ spec, status }) => (status?.availableReplicas ?? 0) < (spec?.replicas ?? 1)),
    ...daemons.filter(({ status }) => !status || status.numberReady < Math.max(1, status.desiredNumberScheduled)),
  ];
  return late.length === 0 ? undefined : `${late.map(({ metadata }) => metadata?.name).join(', ')} is not ready`;
}
