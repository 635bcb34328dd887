import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PlacedPod, type SchedulableNode, schedule } from './schedule.ts';

const zones = ['a', 'b', 'c'];

function nodes(notReady: string[] = []): SchedulableNode[] {
  return zones.flatMap((zone) =>
    [1, 2].map((number) => ({ name: `${zone}${number}`, zone, ready: !notReady.includes(`${zone}${number}`) })),
  );
}

const podsOn = (...places: string[]): PlacedPod[] => places.map((node, index) => ({ name: `pod-${index}`, node }));

test('spreads three pods over three zones', () => {
  expect(schedule({ nodes: nodes(), pods: [], replicas: 3 })).toEqual({ remove: [], place: ['a1', 'b1', 'c1'] });
});

test('uses both nodes of a zone before it doubles up', () => {
  expect(schedule({ nodes: nodes(), pods: [], replicas: 6 }).place.toSorted()).toEqual(nodes().map(({ name }) => name));
});

test('replaces the pods of a node that is not ready, in its zone where another node is ready', () => {
  const input = { nodes: nodes(['b1']), pods: podsOn('a1', 'b1', 'c1'), replicas: 3 };
  expect(schedule(input)).toEqual({ remove: ['pod-1'], place: ['b2'] });
});

test('replaces the pods of a lost zone in the others', () => {
  const input = { nodes: nodes(['b1', 'b2']), pods: podsOn('a1', 'b1', 'c1'), replicas: 3 };
  expect(schedule(input)).toEqual({ remove: ['pod-1'], place: ['a2'] });
});

test('takes the youngest pod of the fullest zone away when there are too many', () => {
  const input = { nodes: nodes(), pods: podsOn('a1', 'a2', 'b1', 'c1'), replicas: 3 };
  expect(schedule(input)).toEqual({ remove: ['pod-1'], place: [] });
});

test('places nothing while no node is ready', () => {
  expect(schedule({ nodes: [], pods: podsOn('a1'), replicas: 3 })).toEqual({ remove: ['pod-0'], place: [] });
});

describe('whatever the state', () => {
  const anyNodes = fc
    .uniqueArray(fc.record({ name: fc.nat(20).map(String), zone: fc.constantFrom(...zones), ready: fc.boolean() }), {
      selector: ({ name }) => name,
      maxLength: 12,
    })
    .map((list) => list.toSorted((one, other) => one.name.localeCompare(other.name)));
  const anyPods = fc.array(fc.nat(22).map(String), { maxLength: 15 }).map((places) => podsOn(...places));
  const anyState = fc.record({ nodes: anyNodes, pods: anyPods, replicas: fc.nat(20) });

  /** Where the pods are once the schedule is carried out. */
  function carriedOut(state: { nodes: SchedulableNode[]; pods: PlacedPod[]; replicas: number }): string[] {
    const { remove, place } = schedule(state);
    return [...state.pods.filter(({ name }) => !remove.includes(name)).map(({ node }) => node), ...place];
  }

  function skew(state: { nodes: SchedulableNode[] }, places: string[]): number {
    const ready = state.nodes.filter((node) => node.ready);
    const zoneOf = new Map(ready.map(({ name, zone }) => [name, zone]));
    const counts = [...new Set(zoneOf.values())].map(
      (zone) => places.filter((name) => zoneOf.get(name) === zone).length,
    );
    return counts.length === 0 ? 0 : Math.max(...counts) - Math.min(...counts);
  }

  test('there are as many pods as wanted, on ready nodes only', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const ready = state.nodes.filter((node) => node.ready).map(({ name }) => name);
        const places = carriedOut(state);
        expect(places).toHaveLength(ready.length > 0 ? state.replicas : 0);
        expect(places.filter((name) => !ready.includes(name))).toEqual([]);
      }),
    );
  });

  test('zones differ by one pod at most when all pods are new', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        expect(skew(state, carriedOut({ ...state, pods: [] }))).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('zones never get less even than they were, or than one pod', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const before = skew(
          state,
          state.pods.map(({ node }) => node),
        );
        expect(skew(state, carriedOut(state))).toBeLessThanOrEqual(Math.max(1, before));
      }),
    );
  });

  test('a schedule that was carried out leaves nothing to do', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const pods = podsOn(...carriedOut(state));
        expect(schedule({ ...state, pods })).toEqual({ remove: [], place: [] });
      }),
    );
  });
});
