import { ApiException, PatchStrategy, setHeaderOptions, type V1Node, type V1Taint } from '@kubernetes/client-node';
import type { Change } from '../../model/facets.ts';
import type { Undo } from '../../model/fault.ts';
import { apiWords, type ClusterApi, type ClusterPlace, isNotFound, sameCluster } from './cluster-api.ts';
import { taintUndoKind } from './undo-kinds.ts';

const key = 'node.kubernetes.io/out-of-service';
/** A node's object changes by itself, every few seconds at the most. */
const mostTries = 10;

export const isOutOfService = ({ spec }: V1Node): boolean => spec?.taints?.some((taint) => taint.key === key) ?? false;

/** Taints a node so that all pods that do not tolerate it have to leave, whatever disruption budgets say. */
export function outOfService(
  api: ClusterApi,
  place: ClusterPlace,
  node: string,
  runId: string,
): Omit<Change, 'evidence'> {
  const ours: V1Taint = { key, value: `tenfold-${runId}`, effect: 'NoExecute' };
  return {
    undo: { kind: taintUndoKind, ...place, node, value: ours.value ?? '' },
    make: () => changeTaints(api, node, (taints) => [...taints, ours]),
    takeBack: () => removeTaint(api, node, ours.value),
  };
}

/** Puts a node into service again, for a drill that has died. */
export async function undoTaint({ node, value, ...place }: Undo): Promise<void> {
  await removeTaint(await sameCluster(place), String(node), String(value));
}

/** Only the run's own; no error where it is not there any more, or its node is not. */
const removeTaint = async (api: ClusterApi, node: string, value: string | undefined): Promise<void> =>
  await changeTaints(api, node, (taints) => taints.filter((one) => one.key !== key || one.value !== value)).catch(
    (error: Error) => {
      if (!isNotFound(error.cause)) throw error;
    },
  );

async function changeTaints(
  { core }: ClusterApi,
  name: string,
  change: (taints: V1Taint[]) => V1Taint[],
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      const { metadata, spec } = await core.readNode({ name });
      const taints = change(spec?.taints ?? []);
      if (taints.length === (spec?.taints ?? []).length) return;
      const body = [
        { op: 'test', path: '/metadata/resourceVersion', value: metadata?.resourceVersion },
        { op: 'add', path: '/spec/taints', value: taints },
      ];
      await core.patchNode({ name, body }, setHeaderOptions('Content-Type', PatchStrategy.JsonPatch));
      return;
    } catch (error) {
      const isOutdated = error instanceof ApiException && [409, 422].includes(error.code);
      if (!isOutdated || tries >= mostTries)
        throw new Error(`the taints of node ${name} could not be changed: ${apiWords(error)}`, { cause: error });
    }
  }
}
