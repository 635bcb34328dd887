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

/** Reads are judged as the api, writes as the checkout: what a config promises of a path holds whenever nothing is broken. */
function objectivesOf({ recovery, failures, refusal }: ConfigDrill, { paths, errorBudget }: Config): Objectives {
  const calm = ['baseline', 'peak', 'recovered'] as const;
  const limitOf = (path: 'api' | 'checkout', limitMs: number) => ({ path, limitMs, phases: [...calm] });
  return {
    latency: [limitOf('api', paths.read.limitMs), ...(paths.write ? [limitOf('checkout', paths.write.limitMs)] : [])],
    recovery: (['write', 'read', 'shop'] as const).flatMap((path) => {
      const objectiveMs = recovery[path];
      return objectiveMs === undefined ? [] : [{ path, objectiveMs }];
    }),
    errorBudget,
    ...(failures && { failures }),
    ...(refusal && { refusal }),
  };
}
