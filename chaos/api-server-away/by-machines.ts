import type { ActiveFault, Way } from '../../src/model/fault.ts';
import { nowMs } from '../../src/runtime/clock.ts';
import { healthyAtMs } from '../shared/healthy-at.ts';
import { healthyTimeoutMs, powerLimits, proveBy, switchOff } from '../shared/power-cut.ts';
import { takeBackAt } from '../shared/take-back-at.ts';
import { type WayContext, way } from '../shared/way.ts';

interface Away {
  kind: string;
  lastsMs: number;
}

/** Switches the API server off by the commands of the cluster's settings. Proven when it answers nobody. */
export const byMachines = (away: Away): Way =>
  way<'control-plane-power'>({
    name: 'machines',
    requires: ['control-plane-power'],
    undo: 'the API server is switched on again, and the drill waits until the platform is healthy',
    rights: ["the commands of the cluster's settings that switch the API server off and on"],
    limits: powerLimits,
    check: async ({ on }) =>
      (await on.controlPlane.isAway()) ? [`${away.kind} would show nothing: it is away already`] : [],
    inject: (context) => inject(context, away),
  });

async function inject(context: WayContext<'control-plane-power'>, { kind, lastsMs }: Away): Promise<ActiveFault> {
  const { controlPlane } = context.on;
  const injectedAtMs = nowMs();
  const { takeBack } = await switchOff({ ...context, atMostMs: lastsMs }, controlPlane, [
    { what: 'the API server', ...controlPlane },
  ]);
  const evidence = async () => ((await controlPlane.isAway()) ? 'the API server does not answer' : undefined);
  return {
    injectedAtMs,
    prove: (signal) => proveBy(kind, evidence, signal),
    undo: takeBackAt(injectedAtMs + lastsMs, async () => {
      await takeBack();
      return await healthyAtMs(context, healthyTimeoutMs);
    }),
  };
}
