import { invalid } from '../model/errors.ts';
import type { Protection } from '../model/protection.ts';
import type { Target } from '../model/target.ts';
import { catalogueProblems } from '../prove/check-catalogue.ts';
import { plannedFindings } from '../verdict/checkers.ts';
import { drillNames, unknownHint } from './load-drill.ts';
import { type Planned, planDrills } from './plan-drills.ts';
import { folders, targetNamed } from './wire.ts';

/** What is to be proven: drills with their plans, and the protections to take away from them. */
export interface ToProve {
  target: Target;
  planned: Planned[];
  protections: Protection[];
}

/**
 * What a person asks to be proven.
 * @throws TenfoldError (invalid) with all that keeps the catalogue, or these drills, from being proven.
 */
export async function askProof(
  drill: string | undefined,
  catalogue: Protection[],
  options: { target: string; profile: string; protection: string[]; scale: number | undefined },
): Promise<ToProve> {
  const target = targetNamed(options.target);
  const names = await drillNames(folders.scenarios);
  const protections = chosen(drill, catalogue, options.protection);
  const guarding = names.filter((name) => protections.some((protection) => protection.drill === name));
  const drills = drill !== undefined ? [drill] : options.protection.length > 0 ? guarding : names;
  const planned = await planDrills(drills, target, { profile: options.profile, scale: options.scale, without: [] });
  const plans = planned.map(({ plan }) => plan);
  const context = {
    target: target.name,
    switches: target.protections,
    drillNames: names,
    plans,
    findingsOf: plannedFindings,
  };
  const problems = catalogueProblems(catalogue, context);
  if (problems.length > 0) throw invalid(problems, 'fix infra-under-test/protections.json, or the drill');
  return { target, planned, protections };
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
