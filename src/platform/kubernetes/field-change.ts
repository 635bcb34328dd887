import { ApiException, AppsV1Api, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { z } from 'zod';
import { cannotTell } from '../../model/errors.ts';
import type { Change } from '../../model/facets.ts';
import type { Undo } from '../../model/fault.ts';
import { apiWords, type ClusterApi, type ClusterPlace, isNotFound, sameCluster } from './cluster-api.ts';
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
  const isSame = { op: 'test', path: '/metadata/uid', value: field.uid };
  // A field that is not there cannot be tested for.
  const wasSo = former === undefined ? [] : [{ op: 'test', path: field.path, value: former }];
  return {
    undo,
    make: () => patch(api, field, [isSame, ...wasSo, { op: 'add', path: field.path, value: given }]),
    takeBack: () => takeBack(api, undo),
  };
}

const journalled = z.object({
  field: z.string().transform((text) => fieldSchema.parse(JSON.parse(text))),
  values: z
    .string()
    .transform((text) => z.object({ former: z.unknown().optional(), given: z.unknown() }).parse(JSON.parse(text))),
});

/** Gives a field its former value, for a drill that has died. */
export async function undoField({ field, values, ...place }: Undo): Promise<void> {
  await takeBack(await sameCluster(place), { field, values });
}

/** Only where the object is still the same, and the field still has the value that it was given. */
async function takeBack(api: ClusterApi, undo: Record<string, unknown>): Promise<void> {
  const { field, values } = journalled.parse(undo);
  const { path, uid } = field;
  const back = values.former === undefined ? { op: 'remove', path } : { op: 'replace', path, value: values.former };
  const tests = [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path, value: values.given },
  ];
  await patch(api, field, [...tests, back]).catch((error: Error) => {
    if (!isNotFound(error.cause) && !isTestFailed(error.cause)) throw error;
  });
}

async function patch({ config }: ClusterApi, { kind, namespace, name }: Field, body: object[]): Promise<void> {
  const apps = config.makeApiClient(AppsV1Api);
  const patching = { name, namespace, body, fieldManager: 'tenfold' };
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
