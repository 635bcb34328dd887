import type { KubernetesObject, V1Deployment } from '@kubernetes/client-node';
import type { Litmus, LitmusRun, Ordered } from '../../../model/facets.ts';
import { type ClusterApi, type ClusterPlace, isForbidden, isNotFound, listAll } from '../cluster-api.ts';
import { variableOf } from '../objects.ts';
import { type ChaosSite, chaosObject, orProblems, read } from './chaos-object.ts';

export const litmusApi = { group: 'litmuschaos.io', version: 'v1alpha1' } as const;
const results = 'chaosresults';

/** LitmusChaos on the cluster of a shop. All that it runs is in the shop's namespace. */
export const litmus = (api: ClusterApi, place: ClusterPlace, namespace: string): Litmus => ({
  order: (run, runId) => orProblems(orderAt({ api, place, namespace }, run, runId)),
});

async function orderAt({ api, place, namespace }: ChaosSite, run: LitmusRun, runId: string): Promise<Ordered> {
  const account = await accountOf(api, namespace, run.experiment);
  const problems = [
    ...(await litmusLacks(api, namespace, run)),
    ...(account === undefined ? [noAccount(run, namespace)] : []),
  ];
  if (account === undefined || problems.length > 0) return { problems };
  const object = { kind: 'ChaosEngine', spec: engineSpec(run, { namespace, account }) };
  const at = { ...litmusApi, plural: 'chaosengines', namespace };
  const evidence = async (engine: LitmusEngine) => {
    const name = `${engine.metadata?.name}-${run.experiment}`;
    return ranWords(engine, await read(api, { ...at, plural: results, name }));
  };
  return await chaosObject({ api, place, at, object, runId, results, evidence });
}

/** The spec of the ChaosEngine that runs an experiment at once, on the pods that its variables name. */
export const engineSpec = (
  { experiment, variables }: LitmusRun,
  { namespace, account }: { namespace: string; account: string },
) => ({
  // Pods are named by TARGET_PODS: one that is not there is an error, and never another pod.
  appinfo: { appns: namespace },
  engineState: 'active',
  chaosServiceAccount: account,
  // Before and after it the drill itself looks.
  defaultHealthCheck: false,
  jobCleanUpPolicy: 'delete',
  experiments: [
    {
      name: experiment,
      spec: { components: { env: Object.entries(variables).map(([name, value]) => ({ name, value })) } },
    },
  ],
});

const accountsFor = (experiment: string): string[] => [`${experiment}-sa`, 'litmus-admin'];

const noAccount = ({ experiment }: LitmusRun, namespace: string): string =>
  `there is no service account ${accountsFor(experiment).join(' or ')} in namespace ${namespace}, as which ${experiment} would run: ` +
  'create it with the permissions that its ChaosExperiment lists';

/** As which an experiment runs, by the names that Litmus's charts use. */
async function accountOf({ core }: ClusterApi, namespace: string, experiment: string): Promise<string | undefined> {
  for (const name of accountsFor(experiment)) {
    const isThere = await core.readNamespacedServiceAccount({ name, namespace }).then(
      () => true,
      (error: unknown) => {
        if (isNotFound(error)) return false;
        throw error;
      },
    );
    if (isThere) return name;
  }
  return undefined;
}

/** What would keep an experiment from running, in words. */
async function litmusLacks(api: ClusterApi, namespace: string, { experiment }: LitmusRun): Promise<string[]> {
  const installed = await read(api, { ...litmusApi, plural: 'chaosexperiments', namespace, name: experiment });
  const { metadata } = await api.core.readNamespace({ name: namespace });
  return [
    ...(installed === null
      ? [
          `there is no ChaosExperiment ${experiment} in namespace ${namespace}: ` +
            `kubectl apply -n ${namespace} -f faults/kubernetes/${experiment}/fault.yaml of github.com/litmuschaos/chaos-charts`,
        ]
      : []),
    ...securityLacks(experiment, namespace, metadata?.labels ?? {}),
    ...operatorLacks(await operators(api), namespace),
  ];
}

const enforceLabel = 'pod-security.kubernetes.io/enforce';

/** Pod Security refuses Litmus's own pods: they name no security context, and all but those that only ask the API are privileged. */
export function securityLacks(experiment: string, namespace: string, labels: Record<string, string>): string[] {
  const level = labels[enforceLabel];
  const isRefused = level === 'restricted' || (level === 'baseline' && experiment !== 'pod-delete');
  return isRefused
    ? [`Pod Security of namespace ${namespace} is ${level}, which refuses the pods by which Litmus runs ${experiment}`]
    : [];
}

/** None where they may not be looked for. */
async function operators(api: ClusterApi): Promise<V1Deployment[]> {
  const labels = 'app.kubernetes.io/part-of=litmus,app.kubernetes.io/component=operator';
  try {
    return (await listAll<V1Deployment>(api, 'apps/v1', 'Deployment', { labels })).items;
  } catch (error) {
    if (isForbidden(error)) return [];
    throw error;
  }
}

/** That those operators that are known all watch something else. */
export function operatorLacks(found: readonly V1Deployment[], namespace: string): string[] {
  const watched = found.map((one) => variableOf(one, 'WATCH_NAMESPACE') ?? '');
  return watched.length === 0 || watched.includes('') || watched.includes(namespace)
    ? []
    : [`the operator of Litmus watches ${watched.join(', ')} alone, and not namespace ${namespace}`];
}

/** What is read of a ChaosEngine. */
export interface LitmusEngine extends KubernetesObject {
  status?: { engineStatus?: string; experiments?: { name?: string; status?: string; verdict?: string }[] };
}

/** What is read of a ChaosResult. */
export interface LitmusResult extends KubernetesObject {
  status?: {
    experimentStatus?: { phase?: string; verdict?: string; failStep?: string; errorOutput?: { reason?: string } };
  };
}

const runs = ['Running', 'Completed'];
const failed = ['Fail', 'Error', 'Stopped'];

/** @throws why the experiment does not run, in words */
export function ranWords({ metadata, status }: LitmusEngine, result: LitmusResult | null): string {
  const what = `ChaosEngine ${metadata?.name}`;
  if (!status?.engineStatus) throw new Error(`the operator of Litmus has not looked at ${what}`);
  const { phase = '', verdict = '', errorOutput, failStep } = result?.status?.experimentStatus ?? {};
  if (failed.includes(verdict))
    throw new Error(`Litmus ends ${what} with ${verdict}: ${errorOutput?.reason || failStep || 'it gives no reason'}`);
  const [experiment] = status.experiments ?? [];
  const { status: stage = 'not begun', verdict: ruling = '' } = experiment ?? {};
  if (failed.includes(ruling)) throw new Error(`Litmus ends ${what} with ${ruling} (${stage})`);
  if (runs.includes(stage) && runs.includes(phase)) return `Litmus has run ${what} (${stage})`;
  throw new Error(`Litmus has ${what} as ${status.engineStatus}, and its experiment as ${stage}`);
}
