import type { V1Deployment, V1Pod, V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
import { podIsReady } from './objects.ts';
import type { Watches } from './watches.ts';

/** The pods that serve shoppers: those of a namespace with these labels. */
export interface Workload {
  namespace: string;
  labels: Readonly<Record<string, string>>;
}

export const hasLabels = (found: Record<string, string> | undefined, wanted: Workload['labels']): boolean =>
  Object.entries(wanted).every(([name, value]) => found?.[name] === value);

export const isOfWorkload = ({ labels }: Workload, { metadata }: V1Pod): boolean => hasLabels(metadata?.labels, labels);

export const deploymentsOf = ({ labels }: Workload, { deployments }: Watches): V1Deployment[] =>
  deployments.all().filter(({ spec }) => hasLabels(spec?.template.metadata?.labels, labels));

/** The autoscalers of some deployments. */
export const autoscalersOf = (of: readonly V1Deployment[], { autoscalers }: Watches): V2HorizontalPodAutoscaler[] =>
  autoscalers.all().filter(({ spec }) => of.some(({ metadata }) => metadata?.name === spec?.scaleTargetRef.name));

/** That no pod with some labels is ready, in words; undefined while one is. */
export const noneReady = (pods: readonly V1Pod[], name: string, labels: Workload['labels']): string | undefined =>
  pods.some((pod) => hasLabels(pod.metadata?.labels, labels) && podIsReady(pod))
    ? undefined
    : `no pod of ${name} is ready any more`;
