import { availableParallelism } from 'node:os';
import { invalid } from '../model/errors.ts';
import type { PlannedScale } from '../model/plan.ts';
import type { Profile } from '../model/profile.ts';
import { scaleThatFits } from '../plan/scale.ts';
import { measureExchangeCost } from '../runtime/exchange-cost.ts';

/**
 * The scale of a drill's traffic: as it was asked for, or what fits this host, which takes about three seconds to find out. Of a
 * shop of one's own, and of sessions, which are as many as they are, it is left as it stands.
 * @throws TenfoldError (invalid) when one is asked for where the config says how much.
 */
export async function chooseScale(
  asked: number | undefined,
  { target, profile }: { target: { name: string }; profile: Profile },
): Promise<PlannedScale | undefined> {
  if (target.name === 'attached') {
    if (asked === undefined) return undefined;
    throw invalid(
      '--scale is for the shop under test: for your own shop the config sets the traffic',
      'set traffic in the config',
    );
  }
  if (asked !== undefined) return { divisor: asked, because: 'set by --scale' };
  // What a cluster carries is not to be found out on this host.
  if (profile.inSessions || target.name !== 'local') return undefined;
  process.stderr.write('measuring how much traffic fits this host\n');
  return scaleThatFits(await measureExchangeCost(), availableParallelism(), profile.peakFactor);
}
