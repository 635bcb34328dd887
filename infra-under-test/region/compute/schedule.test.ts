import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PlacedPod, type SchedulableNode, type ScheduleInput, schedule } from './schedule.ts';

const zones = ['a', 'b', 'c'];

/** In each zone node 1 is on-demand and node 2 spot. */
function nodes(states: Record<string, SchedulableNode['state']> = {}): SchedulableNode[] {
  return zones.flatMap((zone) => [
    { name: `${zone}1`, zone, capacity: 'on-demand' as const, state: states[`${zone}1`] ?? 'open' },
    { name: `${zone}2`, zone, capacity: 'spot' as const, state: states[`${zone}2`] ?? 'open' },
  ]);
}

const podsOn = (tier: PlacedPod['tier'], ...places: string[]): PlacedPod[] =>
  places.map((node, index) => ({ name: `${tier}-${index}`, node, tier }));

const defaults: ScheduleInput = {
  nodes: nodes(),
  pods: [],
  wanted: { base: 3, extra: 0 },
  spread: true,
  podsPerNode: 2,
};
const placesOf = (input: Partial<ScheduleInput>) => schedule({ ...defaults, ...input }).place.map(({ node }) => node);

describe('base pods', () => {
  test('run on on-demand nodes, one a zone', () => {
    expect(placesOf({})).toEqual(['a1', 'b1', 'c1']);
  });

  test('of a lost zone are replaced in the others', () => {
    const input = { nodes: nodes({ b1: 'lost', b2: 'lost' }), pods: podsOn('base', 'a1', 'b1', 'c1') };
    expect(schedule({ ...defaults, ...input })).toEqual({
      lost: ['base-1'],
      surplus: [],
      place: [{ node: 'a1', tier: 'base' }],
    });
  });

  test('are not put on spot nodes, not even where there is no other room', () => {
    expect(placesOf({ nodes: nodes({ a1: 'lost', b1: 'lost', c1: 'closed' }) })).toEqual([]);
  });

  test('return to their zone, whatever extra pods are in it', () => {
    const pods = [...podsOn('base', 'a1', 'c1'), ...podsOn('extra', 'b2', 'b2')];
    expect(placesOf({ pods, wanted: { base: 3, extra: 2 } })).toEqual(['b1']);
  });
});

describe('extra pods', () => {
  const base = podsOn('base', 'a1', 'b1', 'c1');

  test('run on spot nodes, over the zones', () => {
    expect(placesOf({ pods: base, wanted: { base: 3, extra: 5 } })).toEqual(['a2', 'b2', 'c2', 'a2', 'b2']);
  });

  test('run on on-demand nodes where there is no room on spot nodes', () => {
    const input = { nodes: nodes({ a2: 'lost', b2: 'closed', c2: 'lost' }), pods: base };
    expect(placesOf({ ...input, wanted: { base: 3, extra: 2 } })).toEqual(['a1', 'b1']);
  });

  test('wait while there is no room at all', () => {
    const input = { nodes: nodes({ a2: 'lost', b2: 'lost', c2: 'lost' }), pods: base };
    expect(placesOf({ ...input, wanted: { base: 3, extra: 5 } })).toHaveLength(3);
  });

  test('go first where they are most crowded, the youngest before the others', () => {
    const pods = [...base, ...podsOn('extra', 'a2', 'a2', 'b2')];
    const { surplus } = schedule({ ...defaults, pods, wanted: { base: 3, extra: 2 } });
    expect(surplus).toEqual(['extra-1']);
  });
});

test('a closed node keeps its pods and gets no others', () => {
  const input = { nodes: nodes({ a1: 'closed' }), pods: podsOn('base', 'a1') };
  expect(schedule({ ...defaults, ...input })).toEqual({
    lost: [],
    surplus: [],
    place: [
      { node: 'b1', tier: 'base' },
      { node: 'c1', tier: 'base' },
    ],
  });
});

test('without spread nodes are filled in the order of their names', () => {
  const crowded = { ...defaults, spread: false, podsPerNode: 3, wanted: { base: 3, extra: 4 } };
  const twelfth = { name: 'a12', zone: 'a', capacity: 'spot' as const, state: 'open' as const };
  expect(placesOf({ ...crowded, nodes: [twelfth, ...nodes().toReversed()] })).toEqual([
    ...Array(3).fill('a1'),
    ...Array(3).fill('a2'),
    'a12',
  ]);
});

describe('whatever the state', () => {
  const anyNode = fc.record({
    name: fc.nat(20).map(String),
    zone: fc.constantFrom(...zones),
    capacity: fc.constantFrom('on-demand' as const, 'spot' as const),
    state: fc.constantFrom('open' as const, 'closed' as const, 'lost' as const),
  });
  const anyPods = fc
    .array(fc.record({ node: fc.nat(22).map(String), tier: fc.constantFrom('base' as const, 'extra' as const) }), {
      maxLength: 15,
    })
    .map((pods) => pods.map((pod, index) => ({ name: `pod-${index}`, ...pod })));
  const anyState: fc.Arbitrary<ScheduleInput> = fc.record({
    nodes: fc.uniqueArray(anyNode, { selector: ({ name }) => name, maxLength: 12 }),
    pods: anyPods,
    wanted: fc.record({ base: fc.nat(6), extra: fc.nat(10) }),
    spread: fc.boolean(),
    podsPerNode: fc.integer({ min: 1, max: 3 }),
  });

  /** The pods after the schedule is carried out. */
  function carriedOut(state: ScheduleInput): PlacedPod[] {
    const { lost, surplus, place } = schedule(state);
    const kept = state.pods.filter(({ name }) => !lost.includes(name) && !surplus.includes(name));
    return [...kept, ...place.map((pod, index) => ({ ...pod, name: `new-${index}` }))];
  }

  const nodeOf = ({ nodes: all }: ScheduleInput, name: string) => all.find((node) => node.name === name);

  test('there are never more pods than wanted, and none on lost nodes', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const pods = carriedOut(state);
        for (const tier of ['base', 'extra'] as const)
          expect(pods.filter((pod) => pod.tier === tier).length).toBeLessThanOrEqual(state.wanted[tier]);
        for (const { node } of pods) expect(nodeOf(state, node)?.state).toMatch(/open|closed/);
      }),
    );
  });

  test('new pods go to open nodes with room, and base pods to on-demand ones', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const pods = carriedOut(state);
        for (const { node, tier } of schedule(state).place) {
          expect(nodeOf(state, node)?.state).toBe('open');
          if (tier === 'base') expect(nodeOf(state, node)?.capacity).toBe('on-demand');
          expect(pods.filter((pod) => pod.node === node).length).toBeLessThanOrEqual(state.podsPerNode);
        }
      }),
    );
  });

  test('a pod waits only when there is no room for it', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const pods = carriedOut(state);
        if (pods.filter(({ tier }) => tier === 'extra').length >= state.wanted.extra) return;
        const open = state.nodes.filter((node) => node.state === 'open');
        for (const { name } of open)
          expect(pods.filter(({ node }) => node === name).length).toBeGreaterThanOrEqual(state.podsPerNode);
      }),
    );
  });

  test('base pods are spread evenly over zones with the same room', () => {
    fc.assert(
      fc.property(fc.nat(6), (base) => {
        const places = placesOf({ wanted: { base, extra: 0 } });
        const counts = zones.map((zone) => places.filter((node) => node.startsWith(zone)).length);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('a schedule that was carried out leaves nothing to do', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const next = schedule({ ...state, pods: carriedOut(state) });
        expect(next).toEqual({ lost: [], surplus: [], place: [] });
      }),
    );
  });
});
