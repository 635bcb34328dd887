import type { Capability } from '../../src/model/capabilities.ts';
import { cannotTell } from '../../src/model/errors.ts';
import type { Ordered } from '../../src/model/facets.ts';
import type { ActiveFault, FaultContext, Way } from '../../src/model/fault.ts';
import { type Span, wallMsOf } from '../../src/model/span.ts';
import type { FacetsOf } from '../../src/platform/facets-of.ts';
import { nowMs } from '../../src/runtime/clock.ts';
import { healthyAtMs } from './healthy-at.ts';
import { expiryOf, healthyTimeoutMs, proveBy, usuallyAtMostMs } from './power-cut.ts';
import { takeBackAt } from './take-back-at.ts';
import { type WayContext, way } from './way.ts';

type Needed = 'kubernetes-api';

/** A way that changes something by the API of Kubernetes. */
export interface ApiChangeOf<C extends Capability> extends Pick<Way, 'undo' | 'rights' | 'leaves'> {
  /** Of the way; left out: kubernetes. */
  name?: string;
  /** Of the fault. */
  kind: string;
  /** Besides the API itself. */
  requires: readonly C[];
  /** How long it lasts; left out: until the drill leaves it. */
  lasts?: Span | undefined;
  /**
   * Asks, and changes nothing. Called before the load, and again at the injection.
   * @param lastsMs after this it may end by itself
   */
  aim(on: FacetsOf<C | Needed>, runId: string, lastsMs: number): Promise<Ordered>;
  /** Tries it before the load where it hits nobody; what it changes for that it takes back. @returns what keeps it from being done, in words */
  rehearse?(context: WayContext<C | Needed>): Promise<string[]>;
}

/** A change by the API, with its undo written down before. Proven by what is watched; taken back when the drill leaves it. */
export const apiChange = <C extends Capability>(change: ApiChangeOf<C>): Way =>
  way<C | Needed>({
    name: change.name ?? 'kubernetes',
    requires: ['kubernetes-api', ...change.requires],
    undo: change.undo,
    rights: change.rights,
    ...(change.leaves && { leaves: change.leaves }),
    limits: { injectMs: 60_000, undoMs: healthyTimeoutMs + 60_000 },
    check: (context) => check(change, context),
    inject: (context) => inject(change, context),
  });

async function check<C extends Capability>(change: ApiChangeOf<C>, context: WayContext<C | Needed>): Promise<string[]> {
  const aim = await aimOf(change, context);
  return 'problems' in aim ? aim.problems : ((await change.rehearse?.(context)) ?? []);
}

const lastsMsOf = ({ lasts }: Pick<ApiChangeOf<never>, 'lasts'>, { timeScale = 1 }: Pick<FaultContext, 'timeScale'>) =>
  lasts === undefined ? undefined : wallMsOf(lasts, timeScale);

const aimOf = async <C extends Capability>(change: ApiChangeOf<C>, context: WayContext<C | Needed>): Promise<Ordered> =>
  await change.aim(context.on, context.runId, lastsMsOf(change, context) ?? context.atMostMs ?? usuallyAtMostMs);

async function inject<C extends Capability>(
  injected: ApiChangeOf<C>,
  context: WayContext<C | Needed>,
): Promise<ActiveFault> {
  const aim = await aimOf(injected, context);
  if ('problems' in aim) throw cannotTell(aim.problems.join('\n'));
  const { change } = aim;
  const lastsMs = lastsMsOf(injected, context);
  const undone = context.willChange({ ...change.undo, expiresAtMs: expiryOf(lastsMs ?? context.atMostMs) });
  const takeBack = async () => {
    const left: string[] = [];
    await change.takeBack((words) => void left.push(words));
    undone(left);
  };
  const injectedAtMs = nowMs();
  try {
    await change.make();
  } catch (error) {
    // It may have been made and only its answer lost. What cannot be taken back stays in the journal.
    await takeBack().catch(() => {});
    throw error;
  }
  const untilHealthy = async () => {
    await takeBack();
    return await healthyAtMs(context, healthyTimeoutMs, change.mended);
  };
  const overAtMs = lastsMs === undefined ? undefined : injectedAtMs + lastsMs;
  return {
    injectedAtMs,
    prove: (signal) => proveBy(injected.kind, async () => change.evidence(), signal, change.askEveryMs),
    undo: takeBackAt(overAtMs, untilHealthy),
  };
}
