import type { Capability } from '../../src/model/capabilities.ts';
import { cannotTell } from '../../src/model/errors.ts';
import type { Change } from '../../src/model/facets.ts';
import type { ActiveFault, Way } from '../../src/model/fault.ts';
import { type Span, wallMsOf } from '../../src/model/span.ts';
import type { FacetsOf } from '../../src/platform/facets-of.ts';
import { nowMs } from '../../src/runtime/clock.ts';
import { healthyAtMs } from './healthy-at.ts';
import { expiryOf, healthyTimeoutMs, proveBy } from './power-cut.ts';
import { takeBackAt } from './take-back-at.ts';
import { type WayContext, way } from './way.ts';

type Needed = 'kubernetes-api';

/** What is to be changed, or what is wrong with that, in words. */
export type Aim = { change: Change } | { problems: string[] };

/** A way that changes something by the API of Kubernetes. */
export interface ApiChangeOf<C extends Capability> extends Pick<Way, 'undo' | 'rights' | 'leaves'> {
  /** Of the fault. */
  kind: string;
  /** Besides the API itself. */
  requires: readonly C[];
  /** How long it lasts; left out: until the drill leaves it. */
  lasts?: Span | undefined;
  /** Asks, and changes nothing. Called before the load, and again at the injection. */
  aim(on: FacetsOf<C | Needed>, runId: string): Promise<Aim>;
  /** Tries it before the load where it hits nobody; what it changes for that it takes back. @returns what keeps it from being done, in words */
  rehearse?(context: WayContext<C | Needed>): Promise<string[]>;
}

/** A change by the API, with its undo written down before. Proven by what is watched; taken back when the drill leaves it. */
export const apiChange = <C extends Capability>(change: ApiChangeOf<C>): Way =>
  way<C | Needed>({
    name: 'kubernetes',
    requires: ['kubernetes-api', ...change.requires],
    undo: change.undo,
    rights: change.rights,
    ...(change.leaves && { leaves: change.leaves }),
    limits: { injectMs: 60_000, undoMs: healthyTimeoutMs + 60_000 },
    check: (context) => check(change, context),
    inject: (context) => inject(change, context),
  });

async function check<C extends Capability>(change: ApiChangeOf<C>, context: WayContext<C | Needed>): Promise<string[]> {
  const { on, runId } = context;
  const problems = [...(await lacking(change, on)), ...problemsOf(await change.aim(on, runId))];
  return problems.length > 0 ? problems : ((await change.rehearse?.(context)) ?? []);
}

const problemsOf = (aim: Aim): string[] => ('problems' in aim ? aim.problems : []);

const lacking = async <C extends Capability>({ rights }: ApiChangeOf<C>, on: FacetsOf<C | Needed>): Promise<string[]> =>
  await (on as FacetsOf<Needed>).kubernetes.lacking(rights);

async function inject<C extends Capability>(
  { kind, lasts, aim: aimAt }: ApiChangeOf<C>,
  context: WayContext<C | Needed>,
): Promise<ActiveFault> {
  const aim = await aimAt(context.on, context.runId);
  if ('problems' in aim) throw cannotTell(aim.problems.join('\n'));
  const { change } = aim;
  const lastsMs = lasts === undefined ? undefined : wallMsOf(lasts, context.timeScale ?? 1);
  const undone = context.willChange({ ...change.undo, expiresAtMs: expiryOf(lastsMs ?? context.atMostMs) });
  const takeBack = async () => {
    await change.takeBack();
    undone();
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
    return await healthyAtMs(context, healthyTimeoutMs);
  };
  const overAtMs = lastsMs === undefined ? undefined : injectedAtMs + lastsMs;
  return {
    injectedAtMs,
    prove: (signal) => proveBy(kind, async () => change.evidence(), signal),
    undo: takeBackAt(overAtMs, untilHealthy),
  };
}
