import { commandFault } from '../../chaos/command.ts';
import type { Config, ConfigDrill } from '../model/config.ts';
import type { Drill } from '../model/drill.ts';
import type { Objectives } from '../model/objectives.ts';
import type { LoadedConfig } from './load-config.ts';

/** A drill as a config defines it. */
export function configDrill(name: string, drill: ConfigDrill, { config, folder, secrets }: LoadedConfig): Drill {
  const { title, why, fault, minPeakMs, minAfterFaultMs } = drill;
  return {
    name,
    title,
    why,
    fault: fault && commandFault({ ...fault, cwd: folder, secrets }),
    objectives: objectivesOf(drill, config),
    ...(minPeakMs !== undefined && { minPeakMs }),
    ...(minAfterFaultMs !== undefined && { minAfterFaultMs }),
  };
}

/**
 * A drill of `scenarios/` on somebody's own shop: what breaks, and how soon it must be back, is the drill's; what shoppers are promised
 * is the config's, and which zone goes, if it names one. What nothing measures there is left out: sessions, and the recovery and refusal of writes where nothing is written.
 */
export function onOwnShop(drill: Drill, { config }: LoadedConfig): Drill {
  const { recovery, failures, availability, restarts, autoscaling, refusal } = drill.objectives;
  const { latency, errorBudget, orders } = objectivesOf({ recovery: {} }, config);
  const hasWrites = config.paths.write !== undefined;
  return {
    ...drill,
    ...inNamedZone(drill, config.cluster?.zone),
    objectives: {
      latency,
      errorBudget,
      recovery: recovery.filter(({ path }) => hasWrites || path !== 'write'),
      ...(orders && { orders }),
      ...(failures && { failures }),
      ...(availability && { availability }),
      ...(restarts && { restarts }),
      ...(autoscaling && { autoscaling }),
      ...(refusal && hasWrites && { refusal }),
    },
  };
}

/** In the zone that the config names, where the drill takes one. */
function inNamedZone({ title, fault }: Drill, zone: string | undefined): Partial<Pick<Drill, 'title' | 'fault'>> {
  if (zone === undefined || !fault?.inZone) return {};
  return { title: `${title} (here: the zone ${zone})`, fault: fault.inZone(zone) };
}

/** As the shop under test: shoppers try for 15 s, so next to all get an answer; one rejected order in a hundred may be sold out. */
const placing = { maxUnansweredRatio: 0.01, maxRejectedRatio: 0.01 };

const isOrdered = ({ write }: Config['paths']): boolean =>
  write?.requests?.some(({ order }) => order !== false) ?? false;

/** Reads are judged as the api, writes as the checkout: what a config promises of a path holds whenever nothing is broken. */
function objectivesOf(
  drill: Pick<ConfigDrill, 'recovery'> & Partial<Pick<ConfigDrill, 'failures' | 'refusal' | 'orders'>>,
  { paths, errorBudget, orders: readBack }: Config,
): Objectives {
  const { recovery, failures, refusal } = drill;
  const calm = ['baseline', 'peak', 'recovered'] as const;
  const limitOf = (path: 'api' | 'checkout', limitMs: number) => ({ path, limitMs, phases: [...calm] });
  return {
    latency: [limitOf('api', paths.read.limitMs), ...(paths.write ? [limitOf('checkout', paths.write.limitMs)] : [])],
    recovery: (['write', 'read', 'shop'] as const).flatMap((path) => {
      const objectiveMs = recovery[path];
      return objectiveMs === undefined ? [] : [{ path, objectiveMs }];
    }),
    errorBudget,
    ...((readBack !== null || isOrdered(paths)) && { orders: drill.orders ?? placing }),
    ...(failures && { failures }),
    ...(refusal && { refusal }),
  };
}
