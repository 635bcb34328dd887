import type { ReplicaStep } from '../model/sightings.ts';
import type { Verdict } from '../model/verdict.ts';
import { formatMs } from './format.ts';

export type Replacement = NonNullable<Verdict['replacements']>[number];
export type Step = Replacement['steps'][number];

export const stepNames: Record<ReplicaStep, string> = {
  silent: 'node silent',
  'not-ready': 'NotReady',
  evicted: 'evicted',
  created: 'created',
  scheduled: 'scheduled',
  image: 'image there',
  started: 'started',
  ready: 'ready',
  endpoint: 'in EndpointSlice',
  served: 'first request',
};

/** The time up to a step, from the one known before it. */
export interface Stretch {
  step: ReplicaStep;
  startMs: number;
  endMs: number;
}

/** Where a replacement's time went: the stretches between the steps that are known. */
export function stretchesOf(steps: readonly Step[]): Stretch[] {
  const known = steps.flatMap(({ step, afterMs }) => (afterMs === null ? [] : [{ step, afterMs }]));
  return known
    .slice(1)
    .map(({ step, afterMs }, i) => ({ step, startMs: known[i]?.afterMs ?? afterMs, endMs: afterMs }));
}

/** The stretches that a sentence tells as one, each up to a step; what ends in that step names it. */
const told: { steps: readonly ReplicaStep[]; words: string }[] = [
  { steps: ['not-ready'], words: 'until NotReady' },
  { steps: ['evicted'], words: 'tolerated' },
  { steps: ['created', 'scheduled'], words: 'until scheduled' },
  { steps: ['image', 'started'], words: 'until started' },
  { steps: ['ready'], words: 'until ready' },
  { steps: ['endpoint', 'served'], words: 'to the first request' },
];

/** Where a replacement's time went, in a sentence. One that lacks the last of some steps says how far it came. */
export function inASentence({ steps }: Replacement): string {
  const stretches = stretchesOf(steps);
  const parts = told.flatMap(({ steps, words }) => {
    const own = stretches.filter(({ step }) => steps.includes(step));
    const [first, last] = [own[0], own.at(-1)];
    if (first === undefined || last === undefined) return [];
    const isWhole = last.step === steps.at(-1);
    return [`${formatMs(last.endMs - first.startMs)} ${isWhole ? words : `until ${stepNames[last.step]}`}`];
  });
  return parts.join(', ') || 'nothing is known of its steps';
}

/** Why steps are unknown: each step and reason once. */
export function unknownSteps(replacements: readonly Replacement[]): string[] {
  const reasons = replacements.flatMap(({ steps }) =>
    steps.flatMap(({ step, because }) => (because === null ? [] : [`${stepNames[step]}: ${because}`])),
  );
  return [...new Set(reasons)];
}

/** The steps that somebody told of, of any pod. */
export const stepsTold = (replacements: readonly Replacement[]): ReplicaStep[] =>
  (replacements[0]?.steps ?? [])
    .map(({ step }) => step)
    .filter((step) => replacements.some(({ steps }) => afterMs(steps, step) !== null));

export const afterMs = (steps: readonly Step[], step: ReplicaStep): number | null =>
  steps.find((one) => one.step === step)?.afterMs ?? null;

/** The replacement that came last to its last step, and where that stands in the verdict; null where no pod was replaced. */
export function slowest({
  replacements = [],
}: Verdict): { replacement: Replacement; path: string; step: ReplicaStep } | null {
  const of = replacements
    .map((replacement, i) => ({ replacement, i }))
    .filter(({ replacement }) => replacement.replaces);
  const step = of.some(({ replacement }) => afterMs(replacement.steps, 'served') !== null) ? 'served' : 'ready';
  const at = (replacement: Replacement) => afterMs(replacement.steps, step) ?? Infinity;
  const last = of.toSorted((a, b) => at(b.replacement) - at(a.replacement))[0];
  if (last === undefined) return null;
  const j = last.replacement.steps.findIndex((one) => one.step === step);
  return { replacement: last.replacement, path: `replacements.${last.i}.steps.${j}.afterMs`, step };
}
