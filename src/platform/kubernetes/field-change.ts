import {
  ApiException,
  AppsV1Api,
  type KubernetesObject,
  PatchStrategy,
  setHeaderOptions,
  type V1Deployment,
  type V1ObjectMeta,
  type V1StatefulSet,
} from '@kubernetes/client-node';
import { z } from 'zod';
import { cannotTell } from '../../model/errors.ts';
import type { Change } from '../../model/facets.ts';
import type { TellLeft, Undo } from '../../model/fault.ts';
import { apiWords, type ClusterApi, type ClusterPlace, fieldManager, isNotFound, sameCluster } from './cluster-api.ts';
import { isGoing } from './namespace.ts';
import { fieldUndoKind } from './undo-kinds.ts';

/** A field of an object that is there. */
const fieldSchema = z.object({
  kind: z.enum(['Deployment', 'StatefulSet']),
  namespace: z.string(),
  name: z.string(),
  /** What tells the object from a later one of its name. */
  uid: z.string(),
  /** As in a JSON patch. */
  path: z.string(),
});
export type Field = z.infer<typeof fieldSchema>;

/** Of plain data; undefined: the field is left out. */
type Value = unknown;

/** Gives a field another value. @param given with all that the API server would fill in, so that it can be told again */
export function fieldChange(
  api: ClusterApi,
  place: ClusterPlace,
  field: Field,
  { former, given }: { former: Value; given: Value },
): Omit<Change, 'evidence'> {
  const undo = {
    kind: fieldUndoKind,
    ...place,
    field: JSON.stringify(field),
    values: JSON.stringify({ former, given }),
  };
  // A field that is not there cannot be tested for.
  const wasSo = former === undefined ? [] : [{ op: 'test', path: field.path, value: former }];
  return {
    undo,
    make: () => patch(api, field, [isSame(field), ...wasSo, { op: 'add', path: field.path, value: given }]),
    takeBack: (tell) => takeBack(api, undo, tell),
  };
}

const isSame = ({ uid }: Field) => ({ op: 'test', path: '/metadata/uid', value: uid });

const journalled = z.object({
  field: z.string().transform((text) => fieldSchema.parse(JSON.parse(text))),
  values: z
    .string()
    .transform((text) => z.object({ former: z.unknown().optional(), given: z.unknown() }).parse(JSON.parse(text))),
});

/** Gives a field its former value, for a drill that has died. */
export async function undoField({ field, values, ...place }: Undo, tell: TellLeft): Promise<void> {
  await takeBack(await sameCluster(place), { field, values }, tell);
}

/** Only where the object is still the same, and the field still has the value that it was given. */
async function takeBack(api: ClusterApi, undo: Record<string, unknown>, tell: TellLeft): Promise<void> {
  const { field, values } = journalled.parse(undo);
  const { path } = field;
  const back = values.former === undefined ? { op: 'remove', path } : { op: 'replace', path, value: values.former };
  const isOurs = { op: 'test', path, value: values.given };
  await patch(api, field, [isSame(field), isOurs, back]).catch(async (error: Error) => {
    if (!isNotFound(error.cause) && !isTestFailed(error.cause)) throw error;
    const since = await changedSince(api, field, values.former);
    if (since !== undefined) tell(since);
  });
}

/** What somebody else has made of the object, in words; undefined where the field is as before, or its whole namespace goes. */
async function changedSince(api: ClusterApi, field: Field, former: Value): Promise<string | undefined> {
  const { kind, namespace, name, uid, path } = field;
  if (former !== undefined && (await holds(api, field, former))) return undefined;
  const what = `${kind} ${name} in ${namespace}`;
  const found = await readObject(api, field);
  if (found === null) return (await isGoing(api, namespace)) ? undefined : `${what} was deleted during the drill`;
  const by = changerOf(found.metadata, path.split('/').at(-1) ?? '');
  if (found.metadata?.uid !== uid) return `${what} is another one than before the drill${by}`;
  if (former === undefined && valueAt(found, path) === undefined) return undefined;
  return `${path} of ${what} was changed during the drill${by}; before it was ${JSON.stringify(former) ?? 'not there'}`;
}

/** Whether the object is the same, and its field has a value: by a patch that only tests. */
const holds = async (api: ClusterApi, field: Field, value: Value): Promise<boolean> =>
  await patch(api, field, [isSame(field), { op: 'test', path: field.path, value }]).then(
    () => true,
    (error: Error) => {
      if (isNotFound(error.cause) || isTestFailed(error.cause)) return false;
      throw error;
    },
  );

const valueAt = (object: KubernetesObject, path: string): Value =>
  path
    .split('/')
    .slice(1)
    .reduce<Value>((at, key) => (at as Record<string, unknown> | undefined)?.[key.replaceAll('~1', '/')], object);

/** Who has changed a field of that name, and when, as the API server keeps it for each field manager; nothing where it does not say. */
function changerOf({ managedFields = [] }: V1ObjectMeta = {}, name: string): string {
  const owner = managedFields.find(
    ({ manager, subresource, fieldsV1 }) =>
      manager !== fieldManager && subresource !== 'status' && JSON.stringify(fieldsV1 ?? {}).includes(`"f:${name}"`),
  );
  // One that was scaled has no time.
  return owner ? ` (by ${owner.manager}${owner.time ? `, at ${new Date(owner.time).toISOString()}` : ''})` : '';
}

/** The object that a field is of, as it is now; null: it is gone. */
export async function readObject(
  { config }: ClusterApi,
  { kind, namespace, name }: Field,
): Promise<V1Deployment | V1StatefulSet | null> {
  const apps = config.makeApiClient(AppsV1Api);
  const reading: Promise<V1Deployment | V1StatefulSet> =
    kind === 'Deployment'
      ? apps.readNamespacedDeployment({ name, namespace })
      : apps.readNamespacedStatefulSet({ name, namespace });
  return await reading.catch((error: unknown) => {
    if (isNotFound(error)) return null;
    throw new Error(`${kind} ${name} cannot be read: ${apiWords(error)}`, { cause: error });
  });
}

async function patch({ config }: ClusterApi, { kind, namespace, name }: Field, body: object[]): Promise<void> {
  const apps = config.makeApiClient(AppsV1Api);
  const patching = { name, namespace, body, fieldManager };
  const asJsonPatch = setHeaderOptions('Content-Type', PatchStrategy.JsonPatch);
  try {
    if (kind === 'Deployment') await apps.patchNamespacedDeployment(patching, asJsonPatch);
    else await apps.patchNamespacedStatefulSet(patching, asJsonPatch);
  } catch (error) {
    throw cannotTell(`${kind} ${name} could not be changed: ${apiWords(error)}`, { cause: error });
  }
}

/** A patch whose test failed; one that the object's rules refuse is told in another sentence. */
const isTestFailed = (error: unknown): boolean =>
  error instanceof ApiException &&
  error.code === 422 &&
  apiWords(error).startsWith('the server rejected our request due to an error in our request');
