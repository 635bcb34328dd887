import type { V1Pod } from '@kubernetes/client-node';
import type { RehearsalWish } from '../../../model/facets.ts';
import { nowMs } from '../../../runtime/clock.ts';
import { apply, type ClusterApi, type ClusterPlace, listAll } from '../cluster-api.ts';
import { type Manifest, runLabel } from '../manifests.ts';
import { createNamespace } from '../namespace.ts';
import { podIsOver } from '../objects.ts';
import { waitForPods } from '../stuck-pods.ts';
import { deleteNamespace, goneTimeoutMs } from '../tear-down.ts';
import { namespaceUndoKind } from '../undo-kinds.ts';
import { agentContainer, agentName, agentScript, agentTrouble } from './agent.ts';
import { relaxing } from './pod-security.ts';
import { addTo } from './shaping.ts';

/** Nodes have to pull the image first. */
const runMs = 75_000;
const containerName = 'rehearsal';

interface Stage {
  image: string;
  namespace: string;
  pods: readonly V1Pod[];
  place: ClusterPlace;
}

/** What keeps pods' network from being degraded: who admits pods to their namespace, and the kernels of their nodes; in words. */
export async function rehearse(api: ClusterApi, stage: Stage, wish: RehearsalWish): Promise<string[]> {
  const refusals = await refusedBy(api, stage, wish);
  return refusals.length > 0 ? refusals : await kernelsLack(api, stage, wish);
}

/** By dry runs: nothing is added to any pod. */
async function refusedBy(
  api: ClusterApi,
  { image, namespace, pods, place }: Stage,
  { degradation, runId, willChange }: RehearsalWish,
): Promise<string[]> {
  const container = agentContainer(agentName(runId), image, agentScript(degradation, 1));
  const dryRun = async () => {
    const said = await Promise.all(
      pods.map(({ metadata }) =>
        addTo(api, { namespace, pod: metadata?.name ?? '' }, container, 'All').then(
          () => [],
          (error: Error) => [error.message],
        ),
      ),
    );
    return said.flat();
  };
  const relax = await relaxing(api, place, { namespace, runId });
  if (!relax) return await dryRun();
  const undone = willChange(relax.undo);
  const said = await relax.during(dryRun);
  undone();
  return said;
}

/** By a pod of ours on each of the nodes that degrades its own network and nobody else's, in a namespace of its own. */
async function kernelsLack(
  api: ClusterApi,
  { image, pods, place }: Stage,
  { degradation, runId, willChange, signal }: RehearsalWish,
): Promise<string[]> {
  const namespace = `${agentName(runId)}-network`;
  const nodes = [...new Set(pods.flatMap(({ spec }) => spec?.nodeName ?? []))];
  const ours = { namespace, runId, isAlone: true, timeoutMs: goneTimeoutMs };
  const undone = willChange({
    kind: namespaceUndoKind,
    ...place,
    ...ours,
    expiresAtMs: Math.round(nowMs() + 2 * runMs),
  });
  try {
    await createNamespace(api, { ...ours, podSecurity: 'privileged' });
    const script = agentScript(degradation, 0);
    for (const node of nodes) await apply(api, rehearsalPod({ namespace, runId, node, image, script }));
    let ran: V1Pod[] = [];
    await waitForPods('the rehearsal on the nodes', { api, namespace, timeoutMs: runMs, signal }, async () => {
      ran = (await listAll<V1Pod>(api, 'v1', 'Pod', { namespace })).items;
      const left = ran.filter((pod) => !podIsOver(pod)).length;
      return left === 0 ? undefined : `${left} of ${nodes.length} pods have not ended`;
    });
    return ran.flatMap((pod) => {
      const trouble = agentTrouble(pod, containerName);
      return trouble === undefined ? [] : [`the kernel of ${pod.spec?.nodeName} cannot do it: ${trouble}`];
    });
  } finally {
    await deleteNamespace(api, ours);
    undone();
  }
}

interface RehearsalPod {
  namespace: string;
  runId: string;
  node: string;
  image: string;
  script: string;
}

/** On its node whatever the node's taints say: no scheduler is asked. */
const rehearsalPod = ({ namespace, runId, node, image, script }: RehearsalPod): Manifest => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `rehearsal-${node}`, namespace, labels: { [runLabel]: runId } },
  spec: {
    nodeName: node,
    tolerations: [{ operator: 'Exists' }],
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 1,
    containers: [agentContainer(containerName, image, script)],
  },
});
