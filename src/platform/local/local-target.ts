import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { invalid } from '../../model/errors.ts';
import type { AwsAccess } from '../../model/facets.ts';
import type { Undoers } from '../../model/fault.ts';
import type { Platform } from '../../model/platform.ts';
import type { StandUpOptions, Target } from '../../model/target.ts';
import { forgetPgVariables } from '../forget-pg-variables.ts';
import { awsOf, localPlatform } from './local-platform.ts';
import { keptRegion, type Region } from './region-file.ts';
import { endRegion, keepRegionUp, startRegion } from './start-region.ts';
import { staticInventory } from './static-inventory.ts';

const undoKind = 'pocket-region';

/** The pocket region on this machine: the one that is up, or one of the drill's own. */
export function localTarget(protections: string[]): Target {
  forgetPgVariables();
  return target(protections);
}

const target = (protections: string[]): Target => ({
  name: 'local',
  capabilities: new Set([
    'database-failover',
    'fis',
    'order-readback',
    'replica-probes',
    'protection-switches',
    'node-inventory',
    'autoscaling',
    'spot-nodes',
  ]),
  protections,
  // docs: the region's constants.ts, which its fidelity tells in every report.
  timeScale: 12,
  failoverRights: ['rds:FailoverDBCluster', 'rds:DescribeDBClusters', 'rds:DescribeDBInstances'],
  inventory: staticInventory,
  standUp,
});

async function standUp(options: StandUpOptions): Promise<Platform> {
  if (options.keep && !(await keptRegion())) await keepRegionUp(options);
  const kept = await keptRegion();
  if (kept) return reuse(kept, options);
  const dir = resolve(tmpdir(), `tenfold-region-${options.runId}`);
  const undone = options.willChange({ kind: undoKind, dir });
  const started = await startRegion({ ...options, dir });
  return localPlatform(started.region, {
    kept: false,
    async end() {
      await started[Symbol.asyncDispose]();
      await endRegion(dir);
      undone();
    },
  });
}

/** A region that a person keeps up is used as it is, and left up. */
function reuse(kept: Region, options: StandUpOptions): Platform {
  if (kept.without.toSorted().join() !== options.without.toSorted().join()) {
    const has = kept.without.length > 0 ? `runs without ${kept.without.join(', ')}` : 'has all its protections';
    throw invalid(
      `the pocket region that is up ${has}, which is not what this drill asks for`,
      'npm run platform -- down',
    );
  }
  if (kept.scaledOut && !options.scaledOut) {
    throw invalid(
      'the pocket region that is up is scaled out, but this drill needs a shop that still has to scale',
      'npm run platform -- down',
    );
  }
  options.progress(`using the pocket region that is up at ${kept.edge.url}`);
  return localPlatform(kept, { kept: true, end: async () => {} });
}

/** The AWS endpoint of the region that a person keeps up; a drill's own has ended with the drill. */
export async function keptAws(): Promise<AwsAccess | undefined> {
  const kept = await keptRegion();
  return kept && awsOf(kept);
}

/** Ends a region that a dead process left behind. */
export const undoRegion: Undoers = { [undoKind]: async (undo) => await endRegion(String(undo.dir)) };
