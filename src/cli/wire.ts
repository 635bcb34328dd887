/** The only file that names concrete targets, and where they meet the rest. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { undoCommands } from '../../chaos/shared/undo-commands.ts';
import { undoFisExperiments } from '../../chaos/shared/undo-fis-experiments.ts';
import { defaultProfile, profiles } from '../../scenarios/traffic/profiles.ts';
import { invalid } from '../model/errors.ts';
import type { AwsAccess } from '../model/facets.ts';
import type { TellLeft, Undoers } from '../model/fault.ts';
import type { Profile } from '../model/profile.ts';
import type { Target } from '../model/target.ts';
import { attachedTarget } from '../platform/attached/attached-target.ts';
import { hasKeptK3s, k3sName } from '../platform/kubernetes/k3s/place.ts';
import {
  chaosUndoKind,
  fieldUndoKind,
  k3sPrefix,
  k3sUndoKind,
  leaseUndoKind,
  namespaceUndoKind,
  podSecurityUndoKind,
  policyUndoKind,
  pressureUndoKind,
  shapingUndoKind,
  taintUndoKind,
  uncordonUndoKind,
} from '../platform/kubernetes/undo-kinds.ts';
import { keptAws, localTarget, undoRegion } from '../platform/local/local-target.ts';
import { keptRegion } from '../platform/local/region-file.ts';
import { fingerprint } from '../runtime/files.ts';
import { isPackage, programAt, rootFolder } from '../runtime/processes.ts';
import { isK3s, loadCluster } from './load-cluster.ts';
import { unknownHint } from './load-drill.ts';

export const folders = {
  scenarios: join(rootFolder, 'scenarios'),
  // A package is in a folder that is not for keeping things.
  reports: join(isPackage ? process.cwd() : rootFolder, 'reports'),
};

/** The name of a target's platform: each checkout has a pocket region of its own. */
export const platformNameOf = (target: string): string => `${target}-${fingerprint(rootFolder).slice(0, 8)}`;

/** The shoppers of the shop under test. */
export const trafficScript = ({ inSessions }: Profile): string =>
  programAt('scenarios', 'traffic', inSessions ? 'sessions' : 'black-friday');
/** Traffic for a shop of which nothing is known but its config. */
export const ownShopScript = programAt('scenarios', 'traffic', 'own-shop');

const protectionsFile = join(rootFolder, 'infra-under-test', 'protections.json');

/** The platform's catalogue of protections as it stands in its file, by whose they are: the shop's, the region's. */
export function protectionCatalogue(): unknown {
  try {
    return JSON.parse(readFileSync(protectionsFile, 'utf8'));
  } catch (error) {
    throw invalid(
      `${protectionsFile} cannot be read: ${(error as Error).message}`,
      'git diff shows what has changed in it',
    );
  }
}

const protectionNames = (): string[] =>
  Object.values(protectionCatalogue() as Record<string, object>).flatMap((entries) => Object.keys(entries));

/** Where the platform is that a person keeps up on a target, which its drills use; undefined where there is none. */
export const keptUpAt = async (target: string): Promise<string | undefined> =>
  target === 'local' ? (await keptRegion())?.edge.url : undefined;

/** Why several runs would not each have a platform of their own; undefined when they would. */
export async function sharedPlatform(target: string): Promise<string | undefined> {
  const url = await keptUpAt(target);
  return url && `a pocket region is up at ${url}, and all these runs would share it`;
}

const targets: Record<string, () => Target> = {
  local: () => localTarget(protectionNames()),
};

/** How a later process reaches the AWS endpoint of a target, if what was changed there can still be there. */
const awsAccess: Record<string, () => Promise<AwsAccess | undefined>> = { local: keptAws };

/** What is undone on a k3s that is gone by now, as after `kill -9`, has gone with it. */
const unlessK3sIsGone = (all: Undoers): Undoers =>
  Object.fromEntries(
    Object.entries(all).map(([kind, undo]) => [
      kind,
      async (change) => {
        const { context } = change;
        const isOnK3s = typeof context === 'string' && context.startsWith(k3sPrefix);
        if (isOnK3s && (await (await docker()).containersOf(context)).length === 0) return;
        await undo(change);
      },
    ]),
  );

/** Takes back what drills change, on every target. */
export const undoers = (tell: TellLeft): Undoers =>
  unlessK3sIsGone({
    ...undoRegion,
    [k3sUndoKind]: async (undo) => await (await docker()).removeContainers(String(undo.name)),
    [namespaceUndoKind]: async (undo) => await (await kubernetes()).undoNamespace(undo),
    [leaseUndoKind]: async (undo) => await (await import('../platform/kubernetes/cluster-lock.ts')).undoLease(undo),
    [uncordonUndoKind]: async (undo) => await (await import('../platform/kubernetes/hands.ts')).undoCordon(undo),
    [fieldUndoKind]: async (undo) =>
      await (await import('../platform/kubernetes/field-change.ts')).undoField(undo, tell),
    [policyUndoKind]: async (undo) =>
      await (await import('../platform/kubernetes/database-cut.ts')).undoPolicy(undo, tell),
    [chaosUndoKind]: async (undo) =>
      await (await import('../platform/kubernetes/chaos/chaos-object.ts')).undoChaosObject(undo, tell),
    [pressureUndoKind]: async (undo) => await (await import('../platform/kubernetes/pressure.ts')).undoPressure(undo),
    [shapingUndoKind]: async (undo) => await (await shaping()).undoShaping(undo),
    [podSecurityUndoKind]: async (undo) =>
      await (await import('../platform/kubernetes/shaping/pod-security.ts')).undoPodSecurity(undo),
    [taintUndoKind]: async (undo) => await (await import('../platform/kubernetes/out-of-service.ts')).undoTaint(undo),
    ...undoCommands,
    ...undoFisExperiments(async (target) => await awsAccess[target]?.()),
  });

/** The client of Kubernetes takes half a second to load: only those wait who use it. */
const kubernetes = async () => await import('../platform/kubernetes/kubernetes-target.ts');
const shaping = async () => await import('../platform/kubernetes/shaping/shaping.ts');
/** So does Testcontainers. */
const docker = async () => await import('../platform/kubernetes/k3s/docker.ts');

/** The target that the settings of a cluster describe, the cluster's context, and whether tenfold starts it. */
export async function clusterTarget(file: string): Promise<{ target: Target; context: string; isOurs: boolean }> {
  const cluster = await loadCluster(file);
  const { shop } = protectionCatalogue() as { shop: object };
  const protections = Object.keys(shop);
  if (isK3s(cluster)) {
    const { k3sTarget } = await import('../platform/kubernetes/k3s/k3s-target.ts');
    return { target: k3sTarget(cluster, protections), context: k3sName, isOurs: true };
  }
  const target = await (await kubernetes()).kubernetesTarget(cluster, protections);
  return { target, context: cluster.settings.context, isOurs: false };
}

/** The name of a cluster's platform: one drill at a time on a cluster, from whatever checkout. */
export const clusterPlatformOf = (context: string): string => `kubernetes-${context.replaceAll(/[^\w.-]/g, '-')}`;

/** The k3s that is kept up for this checkout; undefined where none is. */
export async function keptK3s(): Promise<{ name: string; remove: () => Promise<void> } | undefined> {
  if (!hasKeptK3s()) return undefined;
  const { removeK3s } = await import('../platform/kubernetes/k3s/k3s-cluster.ts');
  return { name: k3sName, remove: removeK3s };
}

/** The target that a config describes. */
export const attachedTo = attachedTarget;

export function targetNamed(name: string): Target {
  const make = targets[name];
  if (!make) throw invalid(`there is no target ${name}`, unknownHint(name, Object.keys(targets)));
  return make();
}

export function profileNamed(name: string): Profile {
  const profile = profiles[name];
  if (!profile) throw invalid(`there is no profile ${name}`, unknownHint(name, Object.keys(profiles)));
  return profile;
}

export { defaultProfile };
export const profileNames = Object.keys(profiles);
export const targetNames = [...Object.keys(targets), 'attached'];
export const drillTargetNames = [...targetNames, 'kubernetes'];
