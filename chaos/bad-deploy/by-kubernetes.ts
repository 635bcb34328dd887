import type { Way } from '../../src/model/fault.ts';
import { apiChange } from '../shared/api-change.ts';

/** Gives the deployment's pods a readiness probe that always fails. Taken back by its former one: the former revision. */
export const byKubernetes = ({ kind, deployment }: { kind: string; deployment: string | undefined }): Way =>
  apiChange({
    kind,
    requires: ['workload-changes'],
    undo: 'the deployment is rolled back to its former revision, and the drill waits until the platform is healthy',
    rights: ['list deployments.apps', 'list statefulsets.apps', 'patch deployments.apps'],
    async aim({ workloads }) {
      const found = (await workloads.list()).filter(
        ({ kind: of, name, servesShoppers }) =>
          of === 'Deployment' && servesShoppers && (deployment === undefined || name === deployment),
      );
      const [one, ...others] = found;
      if (one === undefined) return { problems: [`${kind} finds no target: no such deployment serves shoppers`] };
      if (others.length > 0)
        return { problems: [`${kind} is for one deployment: name one of ${found.map(({ name }) => name).join(', ')}`] };
      if (one.replicas === 0) return { problems: [`${kind} finds no target: ${one.name} has no pods`] };
      if (one.unsettled !== null) return { problems: [`${kind} would prove nothing at ${one.name}: ${one.unsettled}`] };
      return { change: await workloads.rollOutUnready(one) };
    },
  });
