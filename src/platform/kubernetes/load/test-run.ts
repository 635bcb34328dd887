import type { V1Pod } from '@kubernetes/client-node';
import { apiWords, type ClusterApi, isNotFound } from '../cluster-api.ts';
import { type Manifest, runLabel } from '../manifests.ts';
import { type LoadWish, podParts } from './measuring-pods.ts';

/** The API of k6-operator. */
export const operatorGroup = 'k6.io';
const name = 'load';

/**
 * Runners as a resource of k6-operator's (1.3 or later: its initializer would need a shell in the image of k6, and is left out). It is
 * not cleaned up by the operator: exit codes are read from the pods, as it calls a test finished whose runners have failed.
 */
export function testRun(wish: LoadWish, count: number, args: readonly string[]): Manifest {
  const { labels, pod, container } = podParts(wish);
  const { securityContext, automountServiceAccountToken, ...placing } = pod;
  const common = {
    automountServiceAccountToken: String(automountServiceAccountToken),
    securityContext,
    containerSecurityContext: container.securityContext,
    metadata: { labels },
  };
  return {
    apiVersion: `${operatorGroup}/v1alpha1`,
    kind: 'TestRun',
    metadata: { name, namespace: wish.namespace, labels: { [runLabel]: wish.runId } },
    spec: {
      parallelism: count,
      script: { configMap: { name: wish.file.name, file: wish.file.key } },
      arguments: args.join(' '),
      initializer: { disabled: true },
      starter: { ...common, ...(wish.starterImage !== undefined && { image: wish.starterImage }) },
      runner: {
        ...common,
        ...placing,
        image: wish.image,
        env: container.env,
        resources: container.resources,
        volumeMounts: container.volumeMounts,
        readinessProbe: container.readinessProbe,
      },
    },
  };
}

/** Its Jobs are called after the TestRun, and numbered from 1. */
export function runnerOfOperator({ metadata }: V1Pod): number | undefined {
  const { k6_cr, runner, 'job-name': job = '' } = metadata?.labels ?? {};
  if (k6_cr !== name || runner !== 'true') return undefined;
  return Number(/-(\d+)$/.exec(job)?.[1]) || undefined;
}

/** What the operator has not done yet, or will not do; nothing once it has made the runners. */
export async function operatorLacks({ custom }: ClusterApi, namespace: string): Promise<string[]> {
  const place = { group: operatorGroup, version: 'v1alpha1', namespace, plural: 'testruns', name };
  const found: TestRun | null = await custom.getNamespacedCustomObject(place).catch((error: unknown) => {
    if (isNotFound(error)) return null;
    throw new Error(`the TestRun cannot be read: ${apiWords(error)}`, { cause: error });
  });
  return stageLacks(found?.status?.stage);
}

interface TestRun {
  status?: { stage?: string };
}

/** The stages before there are runners. */
const before = ['initialization', 'initialized'];

export function stageLacks(stage: string | undefined): string[] {
  if (stage === 'error') return ['k6-operator refused the TestRun: its own log says why'];
  if (!stage) return ['k6-operator has not taken up the TestRun: does it watch this namespace?'];
  return before.includes(stage) ? [`the TestRun is in the stage ${stage}`] : [];
}
