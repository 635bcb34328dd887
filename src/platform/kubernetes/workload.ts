import type { V1Deployment, V1Pod, V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
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
