import type { Observation } from '../model/evidence.ts';
import type { ReplacementFact, Timeline } from '../model/facts.ts';
import { type ReplicaStep, replicaSteps, type Sighting } from '../model/sightings.ts';
import { ofKind } from './observations.ts';

/** Kubernetes makes a new pod as soon as one is to go: a pod that comes later than this is wanted for another reason. */
const replacedWithinMs = 10_000;

/**
 * How each pod that came while the shop was disturbed got to serve, from the last sign of life of the node of the pod that it replaces.
 * null where the platform told nothing of its pods. Which of several lost pods a new one replaces is nobody's decision: the first is
 * taken for the first.
 */
export function replacementFacts(
  observations: Observation[],
  { disturbedAtMs, loadEndMs }: Timeline,
): ReplacementFact[] | null {
  const all = ofKind(observations, 'sighting')
    .filter(({ atMs }) => loadEndMs === null || atMs <= loadEndMs)
    .sort((a, b) => a.atMs - b.atMs || orderOf(a) - orderOf(b) || (a.of < b.of ? -1 : 1));
  if (disturbedAtMs === null || all.every(({ step }) => step === 'served')) return null;
  const told = new Set(all.map(({ step }) => step));
  const latestMs = latestOf(all, unheardFacts(observations));
  const since = all.filter(({ atMs }) => atMs >= disturbedAtMs);
  const lost: Sighting[] = [];
  return since.flatMap((sighting) => {
    if (sighting.step === 'evicted') lost.push(sighting);
    if (sighting.step !== 'created') return [];
    const replaced = takeFirst(lost, sighting.atMs);
    const own = all.filter(({ of, step }) => of === sighting.of && step !== 'evicted');
    const known = [...before(replaced, all), ...own].map((one) => ({ ...one, latestMs: latestMs(one) }));
    const steps = stepsOf(known, disturbedAtMs, (step) => whyUnknown(step, replaced, told));
    const node = own.findLast((one) => one.node !== null)?.node ?? null;
    return [{ pod: sighting.of, node, replaces: replaced?.of ?? null, steps }];
  });
}

const orderOf = ({ step }: Sighting): number => replicaSteps.indexOf(step);

/** Takes the first lost pod that a pod which comes now can replace. */
function takeFirst(lost: Sighting[], atMs: number): Sighting | null {
  while (lost[0] && atMs - lost[0].atMs > replacedWithinMs) lost.shift();
  return lost.shift() ?? null;
}

/** What went before the end of a pod, as far as its node was lost. */
function before(replaced: Sighting | null, all: Sighting[]): Sighting[] {
  if (replaced === null) return [];
  const ofNode = (step: ReplicaStep) =>
    all.findLast((one) => one.step === step && one.of === replaced.node && one.atMs <= replaced.atMs);
  const [silent, notReady] = [ofNode('silent'), ofNode('not-ready')];
  return [...(silent && notReady ? [silent, notReady] : []), replaced];
}

/** The API's times have whole seconds. */
const toldWithinMs = 1_000;
/** After a silence the watches are opened one after the other. */
const heardAgainMs = 1_000;

/**
 * When a step happened at the latest: when it arrived. What arrived late, because nothing was heard meanwhile, is bounded by its
 * teller's time as well. Whatever arrived soonest shows by how much the tellers' clocks may be behind ours.
 */
function latestOf(all: Sighting[], unheard: { fromMs: number; toMs: number }[]): (sighting: Sighting) => number {
  const isLate = ({ atMs }: Sighting) =>
    unheard.some(({ fromMs, toMs }) => atMs >= fromMs && atMs <= toMs + heardAgainMs);
  const delaysMs = all.flatMap((one) => (one.toldMs === null || isLate(one) ? [] : [one.atMs - one.toldMs]));
  const behindMs = Math.max(0, Math.min(...delaysMs));
  return (sighting) =>
    sighting.toldMs !== null && isLate(sighting)
      ? Math.min(sighting.atMs, sighting.toldMs + toldWithinMs + behindMs)
      : sighting.atMs;
}

function stepsOf(
  sightings: (Sighting & { latestMs: number })[],
  sinceMs: number,
  whyUnknown: (step: ReplicaStep) => string,
): ReplacementFact['steps'] {
  let latestMs = Infinity;
  const known = replicaSteps.toReversed().map((step) => {
    const sighting = sightings.find((one) => one.step === step);
    // What came later shows that it had happened by then, whoever told of it first.
    if (sighting) latestMs = Math.min(latestMs, sighting.latestMs);
    return { step, sighting, atMs: latestMs };
  });
  let earliestMs: number | null = null;
  return known.toReversed().map(({ step, sighting, atMs }) => {
    if (sighting === undefined)
      return { step, afterMs: null, uncertaintyMs: null, source: null, because: whyUnknown(step) };
    const { source, toldMs } = sighting;
    // A clock that is ahead of ours bounds nothing.
    if (toldMs !== null && toldMs <= atMs) earliestMs = Math.max(earliestMs ?? toldMs, toldMs);
    const uncertaintyMs = earliestMs === null ? null : atMs - earliestMs;
    return { step, afterMs: atMs - sinceMs, uncertaintyMs, source, because: null };
  });
}

function whyUnknown(step: ReplicaStep, replaced: Sighting | null, told: ReadonlySet<ReplicaStep>): string {
  if (step === 'served' && !told.has(step)) return 'no answer named its pod in the header x-pod';
  const goesBefore = step === 'silent' || step === 'not-ready';
  if (replaced === null && (goesBefore || step === 'evicted')) return 'it replaces no pod';
  if (goesBefore) return `node ${replaced?.node ?? 'unknown'} was not seen to be lost`;
  return told.has(step) ? 'not seen while the load was on' : 'the platform does not tell of it';
}

/** When nothing was heard of the platform's control plane while the load was on. */
export const unheardFacts = (observations: Observation[]): { fromMs: number; toMs: number }[] =>
  ofKind(observations, 'unheard').map(({ sinceMs, atMs }) => ({ fromMs: sinceMs, toMs: atMs }));
