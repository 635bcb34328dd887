/** Where the k3s of a checkout is remembered; apart from what starts it, so that to look loads no client. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint } from '../../../runtime/files.ts';
import { rootFolder } from '../../../runtime/processes.ts';
import { k3sPrefix } from '../undo-kinds.ts';

/** Each checkout has one k3s: the name of its server's container and of its context. */
export const k3sName = `${k3sPrefix}${fingerprint(rootFolder).slice(0, 8)}`;

export const k3sFolder = join(rootFolder, '.tenfold', 'k3s');
export const kubeconfigFile = join(k3sFolder, 'kubeconfig');
/** Describes the one that is kept up. */
export const keptFile = join(k3sFolder, 'kept.json');

export const hasKeptK3s = (): boolean => existsSync(keptFile);
