/** The only file that names concrete targets, and where they meet the rest. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultProfile, profiles } from '../../scenarios/traffic/profiles.ts';
import { invalid } from '../model/errors.ts';
import type { Undoers } from '../model/fault.ts';
import type { Profile } from '../model/profile.ts';
import type { Target } from '../model/target.ts';
import { localTarget, undoRegion } from '../platform/local/local-target.ts';
import { rootFolder } from '../runtime/processes.ts';
import { unknownHint } from './load-drill.ts';

export const folders = {
  scenarios: join(rootFolder, 'scenarios'),
  reports: join(rootFolder, 'reports'),
  locks: join(rootFolder, '.tenfold', 'locks'),
};

export const trafficScript = join(folders.scenarios, 'traffic', 'black-friday.ts');

const protectionsFile = join(rootFolder, 'infra-under-test', 'protections.json');

/** The platform's catalogue of protections, by whose they are: the shop's, the region's. */
function protectionNames(): string[] {
  const catalogue = JSON.parse(readFileSync(protectionsFile, 'utf8')) as Record<string, Record<string, string>>;
  return Object.values(catalogue).flatMap((protections) => Object.keys(protections));
}

const targets: Record<string, () => Target> = {
  local: () => localTarget(protectionNames()),
};

/** Takes back what drills change, on every target. */
export const undoers: Undoers = { ...undoRegion };

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
export const targetNames = Object.keys(targets);
