import { ApiException, VersionApi } from '@kubernetes/client-node';
import type { ControlPlaneCommands } from '../../model/cluster-settings.ts';
import type { ControlPlane } from '../../model/facets.ts';
import { within } from '../../runtime/clock.ts';
import type { ClusterApi } from './cluster-api.ts';

/** Clients of an API server that takes longer have given up. */
const answersWithinMs = 2_000;

/** The API server of a cluster, switched by the commands of its settings. */
export const controlPlaneOf = (
  { config }: ClusterApi,
  { off, on }: ControlPlaneCommands,
  { folder, secrets }: { folder: string; secrets: readonly string[] },
): ControlPlane => ({
  off,
  on,
  cwd: folder,
  secrets,
  isAway: () =>
    within('asking the API server', { timeoutMs: answersWithinMs, graceMs: 0 }, () =>
      config.makeApiClient(VersionApi).getCode(),
    ).then(
      () => false,
      (error: unknown) => !(error instanceof ApiException && error.code < 500),
    ),
});
