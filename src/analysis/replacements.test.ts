import { describe, expect, it } from 'vitest';
import type { Observation } from '../model/evidence.ts';
import type { Timeline } from '../model/facts.ts';
import type { ReplicaStep } from '../model/sightings.ts';
import { replacementFacts } from './replacements.ts';

const injectedAtMs = 10_000;
const timeline: Timeline = {
  baselineStartMs: 0,
  rampStartMs: 2_000,
  peakStartMs: 4_000,
  injectedAtMs,
  disturbedAtMs: injectedAtMs,
  recoveredAtMs: null,
  loadEndMs: 100_000,
  secondsTurnMs: 0,
};

/** Whole seconds, as the API tells them, unless said otherwise. */
const saw = (
  step: ReplicaStep,
  of: string,
  atMs: number,
  { node = of, toldMs = Math.floor(atMs / 1_000) * 1_000 }: { node?: string | null; toldMs?: number | null } = {},
): Observation => ({ kind: 'sighting', atMs, step, of, node, source: `told of ${step}`, toldMs });

const silence = [saw('silent', 'n1', 9_200, { toldMs: 9_195 }), saw('not-ready', 'n1', 30_300)];
const onN1 = { node: 'n1' };
const onN2 = { node: 'n2' };
const newPod = (pod: string, atMs: number) => [
  saw('created', pod, atMs, { node: null }),
  saw('scheduled', pod, atMs + 100, onN2),
  saw('image', pod, atMs + 900, onN2),
  saw('started', pod, atMs + 1_500, onN2),
  saw('ready', pod, atMs + 6_500, onN2),
  saw('endpoint', pod, atMs + 6_600, { ...onN2, toldMs: null }),
  saw('served', pod, atMs + 6_900, { node: null, toldMs: null }),
];
const facts = (...observations: Observation[]) =>
  replacementFacts(
    observations.toSorted((a, b) => a.atMs - b.atMs),
    timeline,
  );
const stepOf = (all: ReturnType<typeof facts>, step: ReplicaStep, at = 0) =>
  all?.[at]?.steps.find((one) => one.step === step);

describe('how a pod comes to serve in place of a lost one', () => {
  it('starts when its node was last heard of, before the injection', () => {
    const all = facts(...silence, saw('evicted', 'a', 40_500, onN1), ...newPod('b', 40_600));
    expect(all).toMatchObject([{ pod: 'b', node: 'n2', replaces: 'a' }]);
    expect(all?.[0]?.steps.map(({ step, afterMs }) => [step, afterMs])).toEqual([
      ['silent', -800],
      ['not-ready', 20_300],
      ['evicted', 30_500],
      ['created', 30_600],
      ['scheduled', 30_700],
      ['image', 31_500],
      ['started', 32_100],
      ['ready', 37_100],
      ['endpoint', 37_200],
      ['served', 37_500],
    ]);
  });

  it('is bounded by the time that its source tells, and by the step before', () => {
    const all = facts(...silence, saw('evicted', 'a', 40_500, onN1), ...newPod('b', 40_600));
    expect(stepOf(all, 'silent')?.uncertaintyMs).toBe(5);
    expect(stepOf(all, 'not-ready')).toMatchObject({ uncertaintyMs: 300, source: 'told of not-ready' });
    // An EndpointSlice tells no time: it is no earlier than the pod was ready.
    expect(stepOf(all, 'ready')?.uncertaintyMs).toBe(100);
    expect(stepOf(all, 'endpoint')?.uncertaintyMs).toBe(200);
  });

  it('was so far by the time of a later step, whoever was heard first', () => {
    const [created, scheduled, , , , endpoint] = newPod('b', 40_600);
    const late = saw('ready', 'b', 60_000, { ...onN2, toldMs: 47_000 });
    const all = facts(
      saw('evicted', 'a', 40_500, onN1),
      ...[created, scheduled, late, endpoint].filter((one) => one !== undefined),
    );
    expect(stepOf(all, 'ready')).toMatchObject({ afterMs: 37_200, uncertaintyMs: 200 });
  });

  it('is not bounded by a clock that is ahead', () => {
    const ahead = saw('not-ready', 'n1', 30_300, { toldMs: 95_000 });
    const all = facts(silence[0] as Observation, ahead, saw('evicted', 'a', 40_500, onN1), ...newPod('b', 40_600));
    expect(stepOf(all, 'not-ready')?.uncertaintyMs).toBe(30_300 - 9_195);
  });

  it('that is told late, because nothing was heard meanwhile, was by the time that its source tells', () => {
    const unheard: Observation = { kind: 'unheard', atMs: 60_000, sinceMs: 25_000 };
    const late = [
      saw('silent', 'n1', 9_205, { toldMs: 9_195 }),
      saw('not-ready', 'n1', 59_900, { toldMs: 30_000 }),
      saw('evicted', 'a', 59_901, { ...onN1, toldMs: 40_000 }),
      saw('created', 'b', 60_300, { node: null, toldMs: 40_000 }),
    ];
    const all = facts(...late, unheard);
    expect(all?.[0]?.steps.slice(0, 4).map(({ afterMs, uncertaintyMs }) => [afterMs, uncertaintyMs])).toEqual([
      [-795, 10],
      [21_010, 1_010],
      [31_010, 1_010],
      [31_010, 1_010],
    ]);
    expect(stepOf(facts(...late), 'not-ready')).toMatchObject({
      afterMs: 49_900,
      uncertaintyMs: 49_900 + 10_000 - 30_000,
    });
  });

  it('is paired with the first lost pod that no other replaces', () => {
    const lost = [saw('evicted', 'a', 40_500, onN1), saw('evicted', 'b', 40_501, { node: 'n3' })];
    const all = facts(...silence, ...lost, ...newPod('c', 40_600), ...newPod('d', 40_700));
    expect(all?.map(({ pod, replaces }) => [pod, replaces])).toEqual([
      ['c', 'a'],
      ['d', 'b'],
    ]);
    expect(stepOf(all, 'silent', 1)).toMatchObject({ afterMs: null, because: 'node n3 was not seen to be lost' });
  });

  it('is paired alike in whatever order two rows of one instant stand', () => {
    const rows = [saw('evicted', 'a', 40_500, onN1), saw('created', 'b', 40_500, { node: null })];
    expect(replacementFacts(rows.toReversed(), timeline)).toEqual(replacementFacts(rows, timeline));
    expect(replacementFacts(rows.toReversed(), timeline)).toMatchObject([{ pod: 'b', replaces: 'a' }]);
  });

  it('replaces none that was gone for long, and comes in addition where none was lost', () => {
    const all = facts(...newPod('b', 20_000), saw('evicted', 'a', 40_000, onN1), ...newPod('c', 70_000));
    expect(all?.map(({ pod, replaces }) => [pod, replaces])).toEqual([
      ['b', null],
      ['c', null],
    ]);
    expect(stepOf(all, 'evicted')).toMatchObject({ afterMs: null, source: null, because: 'it replaces no pod' });
  });
});

describe('what is unknown', () => {
  it('is everything where the platform tells nothing of its pods', () => {
    expect(facts(saw('served', 'a', 5_000, { node: null, toldMs: null }))).toBeNull();
    expect(facts()).toBeNull();
    expect(replacementFacts(newPod('b', 40_600), { ...timeline, disturbedAtMs: null })).toBeNull();
  });

  it('is what nobody tells of in this run, and what did not happen while the load was on', () => {
    const [created, scheduled] = newPod('b', 40_600);
    const other = newPod('c', 98_000).filter(({ kind, atMs }) => kind === 'sighting' && atMs > 0);
    const all = facts(created as Observation, scheduled as Observation, ...other);
    expect(stepOf(all, 'started')).toMatchObject({ afterMs: null, because: 'not seen while the load was on' });
    expect(stepOf(all, 'ready', 1)).toMatchObject({ afterMs: null, because: 'the platform does not tell of it' });
    expect(stepOf(all, 'served')).toMatchObject({ because: 'no answer named its pod in the header x-pod' });
  });

  it('is not whether there were any: pods that came before the fault are none', () => {
    expect(facts(...newPod('a', 1_000))).toEqual([]);
  });
});
