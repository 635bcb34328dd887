import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { productionLine } from '../model/fidelity.ts';
import { basisOf, type Plan, scaleText } from '../model/plan.ts';
import type { Platform } from '../model/platform.ts';
import type { Environment } from '../model/verdict.ts';
import { childEnvironment } from '../runtime/child-environment.ts';
import { fingerprint } from '../runtime/files.ts';
import { isPackage, rootFolder, run } from '../runtime/processes.ts';

const sentinelText = ({ zone }: NonNullable<Plan['sentinel']>): string =>
  `The sentinel runs in a pod of the cluster, ${zone === null ? 'in whichever zone has room' : `in zone ${zone}`}: its probes come as from a neighbour of the shop, and by the log of its pod.`;
const oneMachine = 'All load comes from one machine, over HTTP/1.1.';

/** Which tenfold a package is; a checkout is known by its commit. */
export function packageVersion(): Record<string, string> {
  if (!isPackage) return {};
  const { version } = JSON.parse(readFileSync(join(rootFolder, '..', 'package.json'), 'utf8')) as { version: string };
  return { tenfold: version };
}

/** The commit of this checkout, and whether there are other changes; null where it is none. */
export async function describeCheckout(): Promise<Pick<Environment, 'commit' | 'dirty'>> {
  // In a git hook, GIT_DIR points to another repository.
  const here = { cwd: rootFolder, environment: childEnvironment((name) => name === 'XDG_CONFIG_HOME') };
  // A package lies in somebody else's repository.
  const ask = async (args: string[]) => (isPackage ? undefined : await run('git', args, here));
  const git = await ask(['rev-parse', 'HEAD']);
  const status = await ask(['status', '--porcelain']);
  return {
    commit: git?.ok ? git.stdout.trim() : null,
    dirty: status?.ok ? status.stdout.trim() !== '' : null,
  };
}

/** What the result of a run depends on. */
export async function describeEnvironment(
  plan: Plan,
  versions: Record<string, string>,
  platform?: Platform,
): Promise<Environment> {
  const all = { ...versions, ...platform?.versions };
  return {
    ...(await describeCheckout()),
    versions: all,
    scale: plan.scale ? scaleText(plan.scale) : (platform?.scale ?? 'unknown: the platform did not come up'),
    fidelity: [
      ...(plan.productionReason === undefined ? [] : [productionLine(plan.productionReason)]),
      ...(platform?.fidelity ?? []),
      ...((plan.loadFrom === 'cluster' ? platform?.load?.fidelity : undefined) ?? [oneMachine]),
      ...(plan.sentinel ? [sentinelText(plan.sentinel)] : []),
    ],
    fingerprint: fingerprint([basisOf(plan), all]),
  };
}
