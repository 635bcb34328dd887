import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { clusterSettingsSchema, k3sSettingsSchema } from '../model/cluster-settings.ts';
import { invalid } from '../model/errors.ts';
import { problemsIn } from '../model/problems-in.ts';
import type { LoadedK3s } from '../platform/kubernetes/k3s/k3s-cluster.ts';
import type { LoadedCluster } from '../platform/kubernetes/kubernetes-target.ts';
import { rootFolder } from '../runtime/processes.ts';
import { defaultExportOf } from './load-module.ts';

export const defaultClusterFile = 'tenfold.cluster.ts';

const hint = 'docs/KUBERNETES.md says what the settings of a cluster hold';

/** `--cluster k3s`: a k3s with all defaults, and no file. */
export const k3sByDefault = 'k3s';

/** Settings of a cluster that is there, or of a k3s that is started. */
export type AnyCluster = LoadedCluster | LoadedK3s;
export const isK3s = (loaded: AnyCluster): loaded is LoadedK3s => 'k3s' in loaded.settings;

/** Loads and checks the settings of a cluster. @throws TenfoldError (invalid) with all their problems */
export async function loadCluster(file: string): Promise<AnyCluster> {
  if (file === k3sByDefault) return { settings: k3sSettingsSchema.parse({ k3s: {} }), folder: rootFolder };
  const path = resolve(file);
  if (!existsSync(path)) throw invalid(`there is no ${file}, which names the cluster`, hint);
  const written = await defaultExportOf(path, file, hint);
  const folder = dirname(path);
  const hasK3s = typeof written === 'object' && written !== null && 'k3s' in written;
  const parsed = (hasK3s ? k3sSettingsSchema : clusterSettingsSchema).safeParse(written);
  if (!parsed.success) throw invalid([`${file} cannot be used:`, problemsIn(parsed.error)], hint);
  if ('k3s' in parsed.data) return { settings: parsed.data, folder };
  const { kubeconfig, ...settings } = parsed.data;
  return {
    settings: { ...settings, ...(kubeconfig !== undefined && { kubeconfig: resolve(folder, kubeconfig) }) },
    folder,
  };
}
