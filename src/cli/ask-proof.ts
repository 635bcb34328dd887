import { invalid } from '../model/errors.ts';
import type { Protection } from '../model/protection.ts';
import { catalogueProblems } from '../prove/check-catalogue.ts';
import { plannedFindings } from '../verdict/checkers.ts';
import { drillNames, unknownHint } from './load-drill.ts';
import { drillsFor, inventoryFor, leftOutLine, type Planned, planDrills } from './plan-drills.ts';
import { ownTestbedOf, type Testbed } from './testbed.ts';
import { waitForPlatform } from './wait-for-platform.ts';
import { folders } from './wire.ts';

/** What is to be proven: drills with their plans, and the protections to take away from them. */
export interface ToProve {
  testbed: Testbed;
  planned: Planned[];
  protections: Protection[];
  /** What cannot be proven on this target, in words, where nobody named it. */
  leftOut: string[];
}

/**
 * What a person asks to be proven.
 * @throws TenfoldError (invalid) with all that keeps the catalogue, or these drills, from being proven.
 */
export async function askProof(
  drill: string | undefined,
  catalogue: Protection[],
  options: {
    target: string;
    cluster?: string;
    profile: string;
    protection: string[];
    scale: number | undefined;
    waitUntilMs: number | undefined;
  },
): Promise<ToProve> {
  const testbed = await ownTestbedOf(options);
  const { target } = testbed;
  const names = await drillNames(folders.scenarios);
  const asked = chosen(drill, catalogue, options.protection);
  const without = asked.map(({ name }) => name);
  const inventory = await inventoryFor(drill === undefined ? names : [drill], testbed, { without });
  const isNamed = options.protection.length > 0;
  const fits = ({ name }: Protection) => isNamed || target.protections.includes(name);
  // What somebody names is refused where it cannot be done; otherwise it is left out.
  const { possible, leftOut } =
    drill === undefined && !isNamed ? await drillsFor(names, testbed, inventory) : { possible: names, leftOut: [] };
  const protections = asked.filter((protection) => fits(protection) && possible.includes(protection.drill));
  const guarding = names.filter((name) => protections.some((protection) => protection.drill === name));
  const drills = drill !== undefined ? [drill] : isNamed ? guarding : possible;
  await waitForPlatform(testbed.platform, options.waitUntilMs);
  const planned = await planDrills(drills, testbed, inventory, { scale: options.scale, without: [] });
  const context = {
    target: target.name,
    switches: target.protections,
    drillNames: names,
    plans: planned.map(({ plan }) => plan),
    findingsOf: plannedFindings,
  };
  const problems = catalogueProblems(catalogue.filter(fits), context);
  if (problems.length > 0) throw invalid(problems, 'fix infra-under-test/protections.json, or the drill');
  const unswitchable = asked.filter((protection) => !fits(protection));
  return {
    testbed,
    planned,
    protections,
    leftOut: [
      ...leftOut.map(leftOutLine),
      ...unswitchable.map(({ name }) => `${name}, which ${target.name} cannot switch off`),
    ],
  };
}

/** The protections to take away: of one drill, or those that were named. */
export function chosen(drill: string | undefined, catalogue: Protection[], named: string[]): Protection[] {
  const candidates = drill === undefined ? catalogue : catalogue.filter((protection) => protection.drill === drill);
  const unknown = named.filter((name) => !candidates.some((candidate) => candidate.name === name));
  if (unknown.length > 0) {
    const by = drill === undefined ? 'in the catalogue' : `guarded by ${drill}`;
    const names = candidates.map(({ name }) => name);
    throw invalid(
      unknown.map((name) => `${name} is not a protection ${by}`),
      unknownHint(unknown[0] as string, names),
    );
  }
  return named.length === 0 ? candidates : candidates.filter(({ name }) => named.includes(name));
}
