import { capacityDrill } from '../../scenarios/stepped/capacity.ts';
import type { Drill } from '../model/drill.ts';
import { stepped } from '../plan/stepped.ts';
import { type PlanningOptions, type Prepared, prepareDrill } from './prepare.ts';
import type { Testbed } from './testbed.ts';

/** Plans a load that goes up in steps, on a shop. @throws TenfoldError (invalid) with all that keeps it from being run */
export async function prepareCapacity(found: Testbed, options: PlanningOptions): Promise<Prepared> {
  const testbed = { ...found, profile: stepped(found.profile) };
  return await prepareDrill(judgedAtFirst(testbed.onShop(capacityDrill)), testbed, options);
}

/** The load goes up until a promise is broken: only the first step is promised anything by the run's own verdict. */
function judgedAtFirst({ objectives, ...drill }: Drill): Drill {
  const { latency, errorBudget } = objectives;
  return {
    ...drill,
    objectives: {
      latency: latency.map((promise) => ({ ...promise, phases: ['baseline'] })),
      errorBudget,
      recovery: [],
    },
  };
}
