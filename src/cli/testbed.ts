import type { Guarded } from '../guards/guarded.ts';
import type { Drill } from '../model/drill.ts';
import { invalid } from '../model/errors.ts';
import type { Profile } from '../model/profile.ts';
import type { StopCondition } from '../model/stop.ts';
import type { Target } from '../model/target.ts';
import { isThisMachine } from '../runtime/way.ts';
import { configDrill, onOwnShop } from './config-drill.ts';
import { defaultClusterFile } from './load-cluster.ts';
import { defaultConfigFile, loadConfig } from './load-config.ts';
import { drillNames, loadDrill, unknownHint } from './load-drill.ts';
import {
  attachedTo,
  clusterPlatformOf,
  clusterTarget,
  folders,
  ownShopScript,
  platformNameOf,
  profileNamed,
  targetNamed,
  trafficScript,
} from './wire.ts';

export interface TestbedOptions {
  target: string;
  profile: string;
  config?: string;
  /** The settings of a cluster. */
  cluster?: string;
}

/** Where a drill is run: a target, with the traffic and the drills that go with it. */
export interface Testbed {
  target: Target;
  profile: Profile;
  /** The traffic script. */
  script: string;
  /** Which platform it is, for locks and journals. */
  platform: string;
  loadDrill(name: string): Promise<Drill>;
  /** All drills that it knows. */
  drillNames(): Promise<string[]>;
  /** A drill as it is on this shop. */
  onShop(drill: Drill): Drill;
  /** What has to be so before it is drilled; left out where the platform is tenfold's own. */
  guarded?: Pick<Guarded, 'guards' | 'urls' | 'context' | 'isHere' | 'cwd' | 'secrets'>;
  /** The context of the cluster on which a platform is stood up. */
  context?: string;
  /** The environment variable with the database whose lock other machines see too. */
  sharedLockEnv?: string | undefined;
  /** When a drill is ended before its time, as the config says. */
  stopWhen?: StopCondition[];
}

/** @throws TenfoldError (invalid) when there is no such target, or its config cannot be used. */
export async function testbedOf(options: TestbedOptions): Promise<Testbed> {
  const file = options.config ?? (options.target === 'attached' ? defaultConfigFile : undefined);
  if (file !== undefined) return await attachedTestbed(file, options.profile);
  if (options.target === 'kubernetes')
    return await clusterTestbed(options.cluster ?? defaultClusterFile, options.profile);
  const target = targetNamed(options.target);
  const profile = profileNamed(options.profile);
  return {
    target,
    profile,
    script: trafficScript(profile),
    platform: platformNameOf(target.name),
    loadDrill: (name) => loadDrill(folders.scenarios, name),
    drillNames: () => drillNames(folders.scenarios),
    onShop: (drill) => drill,
  };
}

/** For several runs in a row, each on a platform of its own. @throws TenfoldError (invalid) where there would be one for all */
export async function ownTestbedOf(options: TestbedOptions): Promise<Testbed> {
  if (options.config !== undefined || options.target === 'attached')
    throw invalid('a shop of your own runs one drill at a time', 'npm run drill -- NAME --config FILE');
  return await testbedOf(options);
}

/** The reference platform on a cluster. */
async function clusterTestbed(file: string, profileName: string): Promise<Testbed> {
  const { target, context } = await clusterTarget(file);
  const profile = profileNamed(profileName);
  return {
    target,
    profile,
    script: trafficScript(profile),
    context,
    platform: clusterPlatformOf(context),
    loadDrill: (name) => loadDrill(folders.scenarios, name),
    drillNames: () => drillNames(folders.scenarios),
    onShop: (drill) => drill,
  };
}

/** Host and port of a shop, whatever name of this machine it is called by. */
async function placeOf(baseUrl: string): Promise<string> {
  const { hostname, port, protocol } = new URL(baseUrl);
  const bare = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  return `${(await isThisMachine(baseUrl)) ? '127.0.0.1' : bare}:${port || (protocol === 'https:' ? '443' : '80')}`;
}

/** A shop of somebody's own: the profile says how long, the config how much. */
async function attachedTestbed(file: string, profileName: string): Promise<Testbed> {
  const loaded = await loadConfig(file);
  const profile = profileNamed(profileName);
  if (profile.inSessions)
    throw invalid(
      `the profile ${profileName} is for the shop under test: what a session is on another shop is not known`,
      'take another profile, and send sessions with your own k6 script: docs/ATTACHED.md',
    );
  const { baseUrl, traffic, drills, replicas, guards, stopWhen, sharedLock, cluster } = loaded.config;
  const urls = [baseUrl, ...replicas.map((replica) => replica.baseUrl)];
  // Behind a local address of a cluster, as of a port that is forwarded, there are other machines.
  const isHere = cluster === null && (await Promise.all(urls.map(isThisMachine))).every((here) => here);
  const { baselineRatePerSecond, peakFactor } = traffic;
  const others = await drillNames(folders.scenarios);
  const known = [...Object.keys(drills), ...others];
  const unknown = Object.keys(loaded.runbooks).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw invalid(
      unknown.map((name) => `${file} has a runbook of ${name}, and there is no such drill`),
      unknownHint(unknown[0] as string, known),
    );
  return {
    target: await attachedTo(loaded.config, loaded.folder),
    profile: { ...profile, baselineRatePerSecond, peakFactor },
    script: loaded.script ?? ownShopScript,
    guarded: {
      guards,
      urls,
      context: cluster?.context,
      isHere,
      cwd: loaded.folder,
      secrets: loaded.secrets,
    },
    sharedLockEnv: sharedLock?.env,
    stopWhen,
    // One drill at a time on a shop, not on all shops.
    platform: `attached-${(await placeOf(baseUrl)).replaceAll(/[^\w.-]/g, '-')}`,
    drillNames: async () => [...new Set([...Object.keys(drills), ...(await drillNames(folders.scenarios))])],
    onShop: (drill) => onOwnShop(drill, loaded),
    async loadDrill(name) {
      const own = Object.hasOwn(drills, name) ? drills[name] : undefined;
      if (!own && !others.includes(name)) throw invalid(`${file} has no drill ${name}`, unknownHint(name, known));
      const drill = own ? configDrill(name, own, loaded) : onOwnShop(await loadDrill(folders.scenarios, name), loaded);
      const runbook = Object.hasOwn(loaded.runbooks, name) ? loaded.runbooks[name] : undefined;
      return { ...drill, ...(runbook && { runbook }) };
    },
  };
}
