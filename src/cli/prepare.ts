import { askAboutContext, askGuards } from '../guards/ask-guards.ts';
import type { Drill } from '../model/drill.ts';
import { invalid } from '../model/errors.ts';
import type { GuardAnswer } from '../model/guards.ts';
import type { LoadSource, Plan, SentinelWish } from '../model/plan.ts';
import type { LiveCondition } from '../model/stop.ts';
import { makePlan, type PlanOptions } from '../plan/make-plan.ts';
import { rightsAskedFor } from '../plan/pick-way.ts';
import { nowMs } from '../runtime/clock.ts';
import { chooseScale } from './choose-scale.ts';
import { type Footprint, footprintOf } from './footprint.ts';
import { type Testbed, type TestbedOptions, testbedOf } from './testbed.ts';
import { waitForPlatform } from './wait-for-platform.ts';

export interface PrepareOptions extends TestbedOptions {
  without?: string[];
  loadWorkers?: number;
  load?: LoadSource;
  /** Pods that share the load. */
  runners?: number;
  /** A pod for the sentinel. */
  sentinel?: SentinelWish;
  /** The traffic as 1:n of the reference platform's. */
  scale?: number;
  /** How the fault is done. */
  way?: string;
  stopWhen?: LiveCondition[];
  iMeanProduction?: string;
  /** Until when to wait for a platform that is in use, epoch ms; left out: not at all. */
  waitUntilMs?: number | undefined;
}

/** The same of a testbed that is there. */
export type PlanningOptions = Omit<PrepareOptions, keyof TestbedOptions>;

/** A drill that is about to be run, and what it would do. */
export interface Prepared {
  testbed: Testbed;
  drill: Drill;
  plan: Plan;
  footprint: Footprint;
}

/** Plans a drill; nothing is started or asked. @throws TenfoldError (invalid) with all that keeps it from being run */
export async function prepare(name: string, options: PrepareOptions): Promise<Prepared> {
  const testbed = await testbedOf(options);
  return await prepareDrill(await testbed.loadDrill(name), testbed, options);
}

/** The same for one that is there already. */
export async function prepareDrill(drill: Drill, testbed: Testbed, options: PlanningOptions): Promise<Prepared> {
  const { target, profile } = testbed;
  const { without = [], way } = options;
  const inventory = await target.inventory({ rights: rightsAskedFor(drill.fault, target, { way, without }) });
  const planned = {
    without,
    inventory,
    ...loadOf(options),
    sentinel: options.sentinel,
    way,
    stopWhen: [...(testbed.stopWhen ?? []), ...(options.stopWhen ?? [])],
    ...((testbed.guarded || testbed.context) && { productionReason: options.iMeanProduction }),
  };
  // What is wrong is said before the host is measured, which takes some seconds.
  makePlan(drill, profile, target, planned);
  await waitForPlatform(testbed.platform, options.waitUntilMs);
  const plan = makePlan(drill, profile, target, { ...planned, scale: await chooseScale(options.scale, testbed) });
  return { testbed, drill, plan, footprint: footprintOf(drill, plan, inventory, testbed.target) };
}

/** @throws TenfoldError (invalid) when it is shared by what does not go with where it comes from */
function loadOf({
  load,
  loadWorkers,
  runners,
}: Pick<PrepareOptions, 'load' | 'loadWorkers' | 'runners'>): Pick<PlanOptions, 'loadFrom' | 'loadWorkers'> {
  if (load === 'cluster') {
    if (loadWorkers === undefined) return { loadFrom: load, ...(runners !== undefined && { loadWorkers: runners }) };
    throw invalid(
      '--load-workers is for k6 on this machine',
      'with --load cluster, --runners says how many pods there are',
    );
  }
  if (runners === undefined) return loadWorkers === undefined ? {} : { loadWorkers };
  throw invalid('--runners is for load from a cluster', 'add --load cluster, or leave it out');
}

/** What has to be so before the drill is run, asked now. Empty where the platform is tenfold's own. */
export async function guardAnswers(
  { testbed, plan, footprint }: Prepared,
  { iMeanProduction }: Pick<PrepareOptions, 'iMeanProduction'>,
  signal: AbortSignal,
): Promise<GuardAnswer[]> {
  if (!testbed.guarded) return contextAnswers(testbed, iMeanProduction);
  return await askGuards({
    ...testbed.guarded,
    hits: footprint.hits,
    lastsMs: plan.loadDurationMs,
    productionReason: iMeanProduction,
    atMs: nowMs(),
    signal,
  });
}

/** What the guards say of a cluster on which tenfold stands up a platform of its own. */
export const contextAnswers = (
  { context }: Pick<Testbed, 'context'>,
  productionReason: string | undefined,
): GuardAnswer[] => (context === undefined ? [] : askAboutContext(context, productionReason));

/** @throws TenfoldError (invalid) with what every guard that refuses says */
export function refuseUnguarded(answers: readonly GuardAnswer[]): void {
  const refusals = answers.filter(({ allows }) => !allows);
  if (refusals.length === 0) return;
  throw invalid(
    refusals.map(({ guard, message, remedy }) => `${guard}: ${message}${remedy ? `\n  ${remedy}` : ''}`),
    "nothing was started; npm run tenfold -- plan shows every guard's answer, and docs/SAFETY.md explains the guards",
  );
}
