import { PatchStrategy, setHeaderOptions, type V1Pod } from '@kubernetes/client-node';
import { z } from 'zod';
import { cannotTell } from '../../../model/errors.ts';
import type { Change, Degradation, Shaping } from '../../../model/facets.ts';
import type { Undo } from '../../../model/fault.ts';
import { waitFor } from '../../../runtime/clock.ts';
import { apiWords, type ClusterApi, type ClusterPlace, isNotFound, sameCluster } from '../cluster-api.ts';
import { execIn } from '../exec.ts';
import { shapingUndoKind } from '../undo-kinds.ts';
import type { Watched } from '../watched.ts';
import {
  agentContainer,
  agentName,
  agentRuns,
  agentScript,
  agentTrouble,
  countAgent,
  endAgent,
  hitsIn,
} from './agent.ts';
import { relaxing, undoPodSecurity } from './pod-security.ts';
import { rehearse } from './rehearse.ts';

/** One that has not started yet has to be waited for: it cannot be taken out of its pod. */
const endMs = 60_000;

/** Each time a few programs start on the node of each pod, which is to carry the load. */
const askEveryMs = 1_000;

export interface ShapingParts {
  image: string;
  namespace: string;
  pods: Pick<Watched<V1Pod>, 'all'>;
  place: ClusterPlace;
}

/** Degrades the network of pods, by ephemeral containers that may change it. */
export function shapingOf(api: ClusterApi, parts: ShapingParts): Shaping {
  const { namespace, pods, place, image } = parts;
  const find = (names: readonly string[]) => pods.all().filter(({ metadata }) => names.includes(metadata?.name ?? ''));
  return {
    async degrade(names, { degradation, runId, lastsMs }) {
      const found = find(names);
      const problems = [
        ...(found.length < names.length ? ['some of the pods are there no more'] : []),
        ...found.flatMap((pod) => problemOf(pod, runId)),
      ];
      if (problems.length > 0) return problems.join('; ');
      const container = agentContainer(agentName(runId), image, agentScript(degradation, lastsMs));
      const relax = await relaxing(api, place, { namespace, runId });
      const asked = { namespace, pods: [...names], name: container.name };
      return {
        undo: {
          kind: shapingUndoKind,
          ...place,
          ...asked,
          pods: JSON.stringify(names),
          runId,
          ...(relax && { former: relax.former }),
        },
        async make() {
          const add = () => untilAll(names.map((pod) => addTo(api, { namespace, pod }, container)));
          await (relax ? relax.during(add) : add());
        },
        async takeBack() {
          await relax?.restore();
          await endIn(api, asked);
        },
        evidence: () => evidenceOf(api, find(names), container.name, degradation),
        askEveryMs,
      } satisfies Change;
    },
    rehearse: (names, wish) => rehearse(api, { ...parts, pods: find(names) }, wish),
  };
}

function problemOf({ metadata, spec }: V1Pod, runId: string): string[] {
  const { name } = metadata ?? {};
  const isThere = spec?.ephemeralContainers?.some((one) => one.name === agentName(runId));
  return [
    ...(spec?.hostNetwork ? [`pod ${name} has the network of its node, which is everybody's`] : []),
    ...(spec?.shareProcessNamespace || spec?.hostPID ? [`pod ${name} shares its processes`] : []),
    ...(isThere ? [`pod ${name} has an ephemeral container of this run already`] : []),
  ];
}

/** Adds an ephemeral container to a pod. @throws with what the API server said */
export async function addTo(
  { core }: ClusterApi,
  { namespace, pod }: { namespace: string; pod: string },
  container: ReturnType<typeof agentContainer>,
  dryRun?: 'All',
): Promise<void> {
  const body = { spec: { ephemeralContainers: [container] } };
  await core
    .patchNamespacedPodEphemeralcontainers(
      { namespace, name: pod, body, fieldManager: 'tenfold', ...(dryRun && { dryRun }) },
      setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
    )
    .catch((error: unknown) => {
      throw cannotTell(`pod ${pod} takes no ephemeral container: ${apiWords(error)}`, { cause: error });
    });
}

/** Waits for all, also where one fails. @throws the first failure */
async function untilAll(works: Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(works)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/** @throws why it does not work in a pod */
async function evidenceOf(
  api: ClusterApi,
  pods: readonly V1Pod[],
  name: string,
  degradation: Degradation,
): Promise<string | undefined> {
  const seen = await Promise.all(
    pods.map(async (pod) => {
      const { name: podName = '', namespace = '' } = pod.metadata ?? {};
      const trouble = agentTrouble(pod, name);
      if (trouble !== undefined) throw cannotTell(`in pod ${podName}: ${trouble}`);
      if (!agentRuns(pod, name)) return undefined;
      let counted = '';
      const place = { namespace, pod: podName, container: name };
      const failure = await execIn(api, place, countAgent, (text) => {
        counted += text;
      });
      if (failure === undefined) return undefined;
      const hits = hitsIn(counted, degradation);
      return hits && `pod ${podName}: ${hits}`;
    }),
  );
  return seen.length > 0 && !seen.includes(undefined) ? seen.join('; ') : undefined;
}

interface Asked {
  namespace: string;
  pods: string[];
  name: string;
}

/** Has the network as before, and waits until it is. Does nothing where that is so, or the pod is gone. */
async function endIn(api: ClusterApi, { namespace, pods, name }: Asked): Promise<void> {
  const endOne = async (pod: string) => {
    const hasEnded = async () => {
      const state = await stateOf(api, namespace, pod, name);
      if (state === 'ended') return true;
      if (state === 'starting') throw cannotTell('it has not started yet');
      const failure = await execIn(api, { namespace, pod, container: name }, endAgent);
      if (typeof failure === 'string') throw cannotTell(failure);
      return undefined;
    };
    const waiting = { timeoutMs: endMs, intervalMs: 250 };
    await waitFor(`the ephemeral container ${name} of pod ${pod} to end`, hasEnded, waiting);
  };
  await untilAll(pods.map(endOne));
}

async function stateOf(
  { core }: ClusterApi,
  namespace: string,
  pod: string,
  name: string,
): Promise<'starting' | 'running' | 'ended'> {
  try {
    const { spec, status } = await core.readNamespacedPod({ namespace, name: pod });
    const isThere = spec?.ephemeralContainers?.some((one) => one.name === name);
    const state = status?.ephemeralContainerStatuses?.find((one) => one.name === name)?.state;
    if (!isThere || state?.terminated) return 'ended';
    return state?.running ? 'running' : 'starting';
  } catch (error) {
    if (isNotFound(error)) return 'ended';
    throw error;
  }
}

const journalled = z.object({
  namespace: z.string(),
  name: z.string(),
  pods: z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text))),
});

/** Has the network of pods as before, for a drill that has died. */
export async function undoShaping({ namespace, name, pods, runId, former, ...place }: Undo): Promise<void> {
  const asked = journalled.parse({ namespace, name, pods });
  if (former !== undefined)
    await undoPodSecurity({ ...place, namespace: asked.namespace, runId: String(runId), former });
  await endIn(await sameCluster(place), asked);
}
