import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { clusterSettingsSchema } from '../model/cluster-settings.ts';
import { invalid } from '../model/errors.ts';
import { problemsIn } from '../model/problems-in.ts';
import type { LoadedCluster } from '../platform/kubernetes/kubernetes-target.ts';
import { defaultExportOf } from './load-module.ts';

export const defaultClusterFile = 'tenfold.cluster.ts';

const hint = 'docs/KUBERNETES.md says what the settings of a cluster hold';

/** Loads and checks the settings of a cluster. @throws TenfoldError (invalid) with all their problems */
export async function loadCluster(file: string): Promise<LoadedCluster> {
  const path = resolve(file);
  if (!existsSync(path)) throw invalid(`there is no ${file}, which names the cluster`, hint);
  const parsed = clusterSettingsSchema.safeParse(await defaultExportOf(path, file, hint));
  if (!parsed.success) throw invalid([`${file} cannot be used:`, problemsIn(parsed.error)], hint);
  const folder = dirname(path);
  const { kubeconfig, ...settings } = parsed.data;
  return {
    settings: { ...settings, ...(kubeconfig !== undefined && { kubeconfig: resolve(folder, kubeconfig) }) },
    folder,
  };
}
