import { ApiException, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import type { Undo } from '../../../model/fault.ts';
import { apiWords, type ClusterApi, type ClusterPlace, isNotFound, sameCluster } from '../cluster-api.ts';
import { runLabel } from '../manifests.ts';
import { podSecurityLabel } from '../namespace.ts';
import { podSecurityUndoKind } from '../undo-kinds.ts';

const loose = 'privileged';
const pathOf = (label: string): string => `/metadata/labels/${label.replaceAll('/', '~1')}`;

/** How a run's own namespace is left for a moment: with Pod Security that lets in what may change a network. */
export interface Relaxing {
  /** What Pod Security lets in before. */
  former: string;
  undo: Undo;
  /** Does something meanwhile. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Does no harm where it is as before. */
  restore(): Promise<void>;
}

/** @returns undefined where the namespace is not the run's own, which is left as it is, or lets it in already */
export async function relaxing(
  api: ClusterApi,
  place: ClusterPlace,
  { namespace, runId }: { namespace: string; runId: string },
): Promise<Relaxing | undefined> {
  const { metadata } = await api.core.readNamespace({ name: namespace });
  const former = metadata?.labels?.[podSecurityLabel];
  if (metadata?.labels?.[runLabel] !== runId || former === undefined || former === loose) return undefined;
  const restore = () => setLevel(api, { namespace, runId, from: loose, to: former }).catch(unlessOtherwise);
  return {
    former,
    undo: { kind: podSecurityUndoKind, ...place, namespace, runId, former },
    restore,
    async during(work) {
      await setLevel(api, { namespace, runId, from: former, to: loose });
      try {
        return await work();
      } finally {
        await restore();
      }
    },
  };
}

/** Gives a run's namespace its former Pod Security, for a drill that has died. */
export async function undoPodSecurity({ namespace, runId, former, ...place }: Undo): Promise<void> {
  const change = { namespace: String(namespace), runId: String(runId), from: loose, to: String(former) };
  await setLevel(await sameCluster(place), change).catch(unlessOtherwise);
}

interface Level {
  namespace: string;
  runId: string;
  from: string;
  to: string;
}

async function setLevel({ core }: ClusterApi, { namespace, runId, from, to }: Level): Promise<void> {
  const body = [
    { op: 'test', path: pathOf(runLabel), value: runId },
    { op: 'test', path: pathOf(podSecurityLabel), value: from },
    { op: 'replace', path: pathOf(podSecurityLabel), value: to },
  ];
  try {
    await core.patchNamespace(
      { name: namespace, body, fieldManager: 'tenfold' },
      setHeaderOptions('Content-Type', PatchStrategy.JsonPatch),
    );
  } catch (error) {
    throw new Error(`Pod Security of namespace ${namespace} could not be changed: ${apiWords(error)}`, {
      cause: error,
    });
  }
}

/** It is gone, or as before, or somebody else has changed it since. */
function unlessOtherwise(error: Error): void {
  if (isNotFound(error.cause)) return;
  if (error.cause instanceof ApiException && error.cause.code === 422) return;
  throw error;
}
