import { cannotTell } from '../src/model/errors.ts';
import {
  type ActiveFault,
  type Fault,
  type FaultContext,
  type PickedFault,
  type Proof,
  usualFaultLimits,
  type Way,
} from '../src/model/fault.ts';
import { nowMs, sleepMs } from '../src/runtime/clock.ts';

/**
 * Faults one after the other, each `afterMs` after the injection of the one before, whether that is over or not. Done
 * by any combination of their ways.
 */
export const staggered = (faults: readonly [Fault, Fault, ...Fault[]], { afterMs }: { afterMs: number }): Fault => ({
  ...takenFromOthers(faults),
  ...inNamedZone(faults, afterMs),
  kind: faults.map(({ kind }) => kind).join('+'),
  summary: faults.map(({ summary }) => summary).join(`; ${afterMs / 1000} s later `),
  effects: faults.flatMap(({ effects }, index) =>
    effects.map((effect) => ({ ...effect, startsAfterMs: effect.startsAfterMs + index * afterMs })),
  ),
  hits: (inventory) => faults.flatMap((fault) => fault.hits(inventory)),
  problems: (inventory) => [...new Set(faults.flatMap((fault) => fault.problems(inventory)))],
  ways: combinations(faults).map((picked) => inTurn(picked, afterMs)),
});

function takenFromOthers(faults: readonly Fault[]): Pick<Fault, 'takesFromOthers'> {
  const all = faults.flatMap(({ takesFromOthers = [] }) => takesFromOthers);
  return all.length > 0 ? { takesFromOthers: all.join('; ') } : {};
}

function inNamedZone(faults: readonly [Fault, Fault, ...Fault[]], afterMs: number): Pick<Fault, 'inZone'> {
  if (faults.every(({ inZone }) => inZone === undefined)) return {};
  return {
    inZone(zone) {
      const there = (fault: Fault) => fault.inZone?.(zone) ?? fault;
      const [first, second, ...others] = faults;
      return staggered([there(first), there(second), ...others.map(there)], { afterMs });
    },
  };
}

/** Each way of the first with each of the second, and so on: the first ways of all come first. */
const combinations = (faults: readonly Fault[]): PickedFault[][] =>
  faults.reduce<PickedFault[][]>(
    (all, { kind, ways }) => all.flatMap((before) => ways.map((way) => [...before, { kind, way }])),
    [[]],
  );

/** Proven when all of them are; undone in reverse order. */
function inTurn(faults: readonly PickedFault[], afterMs: number): Way {
  const ways = faults.map(({ way }) => way);
  const limits = ways.map(({ limits = usualFaultLimits }) => limits);
  return {
    name: [...new Set(ways.map(({ name }) => name))].join('+'),
    requires: [...new Set(ways.flatMap(({ requires }) => requires))],
    undo: `the latest first: ${[...new Set(ways.map(({ undo }) => undo).toReversed())].join('; ')}`,
    rights: [...new Set(ways.flatMap(({ rights }) => rights))],
    failsOver: ways.some(({ failsOver }) => failsOver),
    limits: {
      // The others are injected later, on their own.
      injectMs: limits[0]?.injectMs ?? usualFaultLimits.injectMs,
      undoMs: limits.reduce((sum, { undoMs }) => sum + undoMs, 0),
    },
    async check(context) {
      const problems: string[] = [];
      for (const way of ways) problems.push(...(await way.check(context)));
      return [...new Set(problems)];
    },
    async holdsAlready(context) {
      const before = await Promise.all(faults.map((fault) => holding(fault, context)));
      return before.filter((words) => words !== undefined).join('; ') || undefined;
    },
    inject: (context) => inject(faults, afterMs, context),
  };
}

/** What would prove a fault, with the fault's name, if it already holds before the fault. */
async function holding({ kind, way }: PickedFault, context: FaultContext): Promise<string | undefined> {
  const before = await way.holdsAlready?.(context);
  return before && `${kind}: ${before}`;
}

/** A later fault: injected when its time has come, or never. */
interface Later {
  kind: string;
  injected: Promise<ActiveFault>;
}

async function inject(
  [first, ...others]: readonly PickedFault[],
  afterMs: number,
  context: FaultContext,
): Promise<ActiveFault> {
  if (first === undefined) throw new Error('there is no fault to inject');
  const over = new AbortController();
  const signal = AbortSignal.any([context.signal, over.signal]);
  const active = await first.way.inject(context);
  const { injectedAtMs } = active;
  const later = others.map((fault, index): Later => {
    const { kind } = fault;
    const dueAtMs = injectedAtMs + (index + 1) * afterMs;
    const injected = sleepMs(dueAtMs - nowMs(), signal).then(() => injectLater(fault, context));
    // Whoever proves or undoes it learns of its failure.
    injected.catch(() => {});
    return { kind, injected };
  });
  return {
    injectedAtMs,
    prove: (whileOn) => prove({ kind: first.kind, injected: Promise.resolve(active) }, later, whileOn),
    async undo() {
      over.abort(cannotTell('the drill ended before its time'));
      return await undoAll(active, later);
    },
  };
}

/** Its proof may already hold because of the faults before it. */
async function injectLater(fault: PickedFault, context: FaultContext): Promise<ActiveFault> {
  const before = await holding(fault, context);
  if (before !== undefined) throw cannotTell(`its proof is there before it (${before})`);
  return await fault.way.inject(context);
}

/** All proofs in the order of the faults, each with its time of injection. */
async function prove(first: Later, later: Later[], signal: AbortSignal): Promise<Proof> {
  const { injectedAtMs: startMs } = await first.injected;
  const proofs: (Proof & { words: string })[] = [];
  for (const { kind, injected } of [first, ...later]) {
    try {
      const active = await injected;
      const proof = await active.prove(signal);
      const atSeconds = ((active.injectedAtMs - startMs) / 1000).toFixed(1);
      proofs.push({ ...proof, words: `${kind} at +${atSeconds} s: ${proof.proof}` });
    } catch (error) {
      signal.throwIfAborted();
      proofs.push({ provenAtMs: null, proof: '', words: `${kind} was not injected: ${(error as Error).message}` });
    }
  }
  const proof = proofs.map(({ words }) => words).join(' | ');
  const provenAts = proofs.map(({ provenAtMs }) => provenAtMs);
  return provenAts.includes(null)
    ? { provenAtMs: null, proof }
    : { provenAtMs: Math.max(...provenAts.filter((atMs) => atMs !== null)), proof };
}

/** Undoes what was injected, latest first; the failure of one does not keep the others from being undone. */
async function undoAll(first: ActiveFault, later: Later[]): Promise<{ revertedAtMs: number | null }> {
  const settled = await Promise.allSettled(later.map(({ injected }) => injected));
  const injected = [first, ...settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))];
  const reverted: (number | null)[] = [];
  const failures: unknown[] = [];
  for (const active of injected.reverse()) {
    await active.undo().then(
      ({ revertedAtMs }) => reverted.push(revertedAtMs),
      (error: unknown) => failures.push(error),
    );
  }
  if (failures.length > 0) throw failures[0];
  const healthyAts = reverted.filter((atMs) => atMs !== null);
  return { revertedAtMs: healthyAts.length === reverted.length ? Math.max(...healthyAts) : null };
}
