import { randomBytes } from 'node:crypto';
import { ApiException, type KubernetesObject } from '@kubernetes/client-node';
import { z } from 'zod';
import type { Change, Ordered } from '../../../model/facets.ts';
import type { TellLeft, Undo } from '../../../model/fault.ts';
import { waitFor } from '../../../runtime/clock.ts';
import { apiWords, type ClusterApi, type ClusterPlace, isNotFound, sameCluster } from '../cluster-api.ts';
import { runLabel } from '../manifests.ts';
import { chaosUndoKind } from '../undo-kinds.ts';

/** Whoever breaks something also has to mend it, which its finalizer waits for. */
const goneMs = 50_000;

const placeSchema = z.object({
  group: z.string(),
  version: z.string(),
  plural: z.string(),
  namespace: z.string(),
  name: z.string(),
});

/** Where an object of somebody's API is. */
export type ObjectPlace = z.infer<typeof placeSchema>;

const journalled = placeSchema.extend({
  runId: z.string(),
  /** The plural of what comes of it and does not go with it, whose `spec.engine` is its name; empty: nothing does. */
  results: z.string(),
});
type Marked = z.infer<typeof journalled>;

/** Where a shop is, and how a journal names its cluster. */
export interface ChaosSite {
  api: ClusterApi;
  place: ClusterPlace;
  namespace: string;
}

/** An object by which something else breaks things. */
export interface ChaosOrder {
  api: ClusterApi;
  place: ClusterPlace;
  at: Omit<ObjectPlace, 'name'>;
  object: { kind: string; spec: object };
  runId: string;
  results: string;
  /** What whoever acts on it says of it, in words. @throws why it has not done what it should */
  evidence(found: KubernetesObject): string | Promise<string>;
}

/**
 * An object that can be created, with the run's label; or why it cannot, by a dry run. Its undo deletes it, and waits until what it broke
 * is mended.
 */
export async function chaosObject(order: ChaosOrder): Promise<Ordered> {
  const { api, place, object, runId, results, evidence } = order;
  const { group, version, namespace } = order.at;
  const at = { ...order.at, name: newName(runId) };
  const body = {
    apiVersion: `${group}/${version}`,
    ...object,
    metadata: { name: at.name, namespace, labels: { [runLabel]: runId } },
  };
  const refusal = await create(api, at, body, { dryRun: true }).then(
    () => undefined,
    (error: Error) => error.message,
  );
  if (refusal !== undefined) return { problems: [refusal] };
  const marked: Marked = { ...at, runId, results };
  const change: Change = {
    undo: { kind: chaosUndoKind, ...place, ...marked },
    make: () => create(api, at, body),
    takeBack: (tell) => remove(api, marked, tell),
    async evidence() {
      const found = await read(api, at);
      if (found === null) throw new Error(`somebody has deleted ${object.kind} ${at.name}`);
      return await evidence(found);
    },
  };
  return { change };
}

/** What keeps the API server from being asked is one of the problems. */
export async function orProblems(work: Promise<Ordered>): Promise<Ordered> {
  return await work.catch((error: Error) => ({
    // Others have been put into words where they were met.
    problems: [error instanceof ApiException || error instanceof TypeError ? apiWords(error) : error.message],
  }));
}

/** A run may have several. */
const newName = (runId: string): string => `tenfold-${runId.toLowerCase()}-${randomBytes(2).toString('hex')}`;

type Body = KubernetesObject & { kind: string };

/** @param dryRun creates nothing, and is refused by what would refuse it: the schema, webhooks, quotas */
async function create(
  { custom }: ClusterApi,
  { name, ...at }: ObjectPlace,
  body: Body,
  { dryRun = false } = {},
): Promise<void> {
  const options = { fieldManager: 'tenfold', fieldValidation: 'Strict', ...(dryRun && { dryRun: 'All' }) };
  await custom.createNamespacedCustomObject({ ...at, ...options, body }).catch((error: unknown) => {
    if (isNotFound(error))
      throw new Error(`there is no ${body.kind} in ${at.group}/${at.version}: another version is installed`, {
        cause: error,
      });
    throw new Error(`${body.kind} ${name} was refused: ${apiWords(error)}`, { cause: error });
  });
}

/** null where there is none. */
export async function read({ custom }: ClusterApi, at: ObjectPlace): Promise<KubernetesObject | null> {
  return await custom.getNamespacedCustomObject(at).catch((error: unknown) => {
    if (isNotFound(error)) return null;
    throw new Error(`${at.plural} ${at.name} cannot be read: ${apiWords(error)}`, { cause: error });
  });
}

/** Deletes what a run has created, for a drill that has died too. */
export async function undoChaosObject(undo: Undo, tell: TellLeft): Promise<void> {
  await remove(await sameCluster(undo), journalled.parse(undo), tell);
}

async function remove(api: ClusterApi, { runId, results, ...at }: Marked, tell: TellLeft): Promise<void> {
  const found = await read(api, at);
  const isOurs = found?.metadata?.labels?.[runLabel] === runId;
  if (isOurs) await removeAndWait(api, at);
  else if (found !== null) tell(`${at.plural} ${at.name} in ${at.namespace} is no longer the run's, by its label`);
  if (results !== '') await removeResults(api, { ...at, plural: results });
}

async function removeAndWait(api: ClusterApi, at: ObjectPlace): Promise<void> {
  await deleteIfThere(api, at);
  const isGone = async () => {
    if ((await read(api, at)) === null) return true;
    throw new Error('it is still there, as what it broke has not been mended; its status and its events say why');
  };
  await waitFor(`${at.plural} ${at.name} in ${at.namespace} to go`, isGone, { timeoutMs: goneMs, intervalMs: 250 });
}

async function removeResults(api: ClusterApi, { name: engine, ...at }: ObjectPlace): Promise<void> {
  type Results = { items: (KubernetesObject & { spec?: { engine?: string } })[] };
  const list: Results = await api.custom.listNamespacedCustomObject(at).catch((error: unknown) => {
    if (isNotFound(error)) return { items: [] };
    throw new Error(`${at.plural} cannot be listed: ${apiWords(error)}`, { cause: error });
  });
  for (const { metadata } of list.items.filter(({ spec }) => spec?.engine === engine))
    await deleteIfThere(api, { ...at, name: metadata?.name ?? '' });
}

async function deleteIfThere({ custom }: ClusterApi, at: ObjectPlace): Promise<void> {
  await custom.deleteNamespacedCustomObject(at).catch((error: unknown) => {
    if (!isNotFound(error))
      throw new Error(`${at.plural} ${at.name} was not deleted: ${apiWords(error)}`, { cause: error });
  });
}
