import type { Drill } from '../model/drill.ts';
import { invalid, TenfoldError } from '../model/errors.ts';
import type { Plan, PlannedScale, SentinelWish } from '../model/plan.ts';
import type { StopCondition } from '../model/stop.ts';
import type { Inventory, Target } from '../model/target.ts';
import { lacking, makePlan } from '../plan/make-plan.ts';
import { rightsAskedFor } from '../plan/pick-way.ts';
import { checkTraffic } from './check-machine.ts';
import { chooseScale } from './choose-scale.ts';
import type { Testbed } from './testbed.ts';

export interface Planned {
  drill: Drill;
  plan: Plan;
}

/** What the faults of several drills can hit; where the platform may not be asked, the rights that any of them lacks are told. */
export async function inventoryFor(
  names: readonly string[],
  { target, loadDrill }: Testbed,
  { way, without }: { way?: string | undefined; without: readonly string[] },
): Promise<Inventory> {
  // Those that cannot be loaded are told when they are planned.
  const loaded = await Promise.allSettled(names.map(loadDrill));
  const drills = loaded.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const possible = drills.filter((drill) => lacking(drill, target).length === 0);
  const rights = possible.flatMap(({ fault }) => rightsAskedFor(fault, target, { way, without }));
  return await target.inventory({ rights: [...new Set(rights)] });
}

/**
 * Loads and plans drills by their names.
 * @throws TenfoldError (invalid) with all that is wrong with any of them.
 */
export async function planDrills(
  names: readonly string[],
  testbed: Testbed,
  inventory: Inventory,
  options: {
    without: string[];
    loadWorkers?: number;
    sentinel?: SentinelWish;
    scale?: number | undefined;
    way?: string;
    stopWhen?: StopCondition[] | undefined;
    productionReason?: string | undefined;
  },
): Promise<Planned[]> {
  const { target, profile } = testbed;
  const problems: string[] = [];
  const drills: Drill[] = [];
  const planOf = (drill: Drill, scale?: PlannedScale) =>
    makePlan(drill, profile, target, { ...options, scale, inventory });
  for (const name of names) {
    try {
      const drill = await testbed.loadDrill(name);
      planOf(drill);
      drills.push(drill);
    } catch (error) {
      if (!(error instanceof TenfoldError)) throw error;
      problems.push([error.message, ...(error.hint ? [`  ${error.hint}`] : [])].join('\n'));
    }
  }
  if (problems.length > 0) throw invalid([...new Set(problems)], 'npm run tenfold -- list shows all drills');
  // What is wrong is said before the host is measured, which takes some seconds.
  const scale = await chooseScale(options.scale, { target, profile });
  const planned = drills.map((drill) => ({ drill, plan: planOf(drill, scale) }));
  for (const { plan } of planned) checkTraffic(plan, target.name === 'local');
  return planned;
}

/** A drill that a target cannot do, and why, in words. */
export interface LeftOutDrill {
  what: string;
  why: string;
}

/** The same in a line. */
export const leftOutLine = ({ what, why }: LeftOutDrill): string => `${what}: ${why}`;

/** Which of these drills a target has all for, and something to hit that is not others' too; and why it has not for the others, in words. */
export async function drillsFor(
  names: readonly string[],
  { target, loadDrill }: Pick<Testbed, 'target' | 'loadDrill'>,
  inventory: Inventory,
): Promise<{ possible: string[]; leftOut: LeftOutDrill[] }> {
  const drills = await Promise.all(names.map(loadDrill));
  const found = drills.map((drill) => ({ what: drill.name, reasons: whyNot(drill, target, inventory) }));
  return {
    possible: found.flatMap(({ what, reasons }) => (reasons.length === 0 ? [what] : [])),
    leftOut: found.flatMap(({ what, reasons }) => (reasons.length > 0 ? [{ what, why: reasons.join('; ') }] : [])),
  };
}

/** Why a drill that nobody has named is not done on a target, in words. */
function whyNot(drill: Drill, target: Target, inventory: Inventory): string[] {
  const missing = lacking(drill, target);
  if (missing.length > 0 || drill.fault === null) return missing;
  const { takesFromOthers } = drill.fault;
  return [
    ...drill.fault.problems(inventory),
    ...(target.isShared && takesFromOthers !== undefined ? [`${takesFromOthers}: it has to be named`] : []),
  ];
}
