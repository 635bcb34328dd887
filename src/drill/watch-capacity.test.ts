import { expect, test } from 'vitest';
import { Unheard } from '../model/errors.ts';
import type { Observation } from '../model/evidence.ts';
import { observationSchema } from '../model/evidence.ts';
import type { LiveInventory } from '../model/facets.ts';
import { sleepMs } from '../runtime/clock.ts';
import { watchCapacity } from './watch-capacity.ts';

const node = (name: string, ready: boolean) => ({
  name,
  zone: 'a',
  capacity: 'spot' as const,
  ready,
  id: `arn:${name}`,
});
const pod = (name: string, ready: boolean, cpuRatio: number | null) => ({
  name,
  node: 'n1',
  zone: 'a',
  ready,
  cpuRatio,
});
const inventory: LiveInventory = {
  nodes: [node('n1', true), node('n2', false)],
  nodesWanted: 2,
  pods: [pod('p1', true, 0.4), pod('p2', true, 0.8), pod('p3', false, 2), pod('p4', true, null)],
  podsWanted: 5,
  podsMax: 6,
};

test('samples count what is ready and wanted, with the mean CPU use of the ready pods, until they are to end', async () => {
  const seen: Observation[] = [];
  let asked = 0;
  const cluster = {
    inventory: async () => {
      asked += 1;
      if (asked === 1) throw new Error('the control plane is away');
      return inventory;
    },
    events: async () => [],
    podEnds: async () => [],
  };
  {
    using _watch = watchCapacity(cluster, (observation) => seen.push(observation));
    await sleepMs(1_300);
  }
  await sleepMs(600);
  expect(asked).toBe(2);
  expect(seen).toHaveLength(1);
  const [sample] = seen;
  expect(observationSchema.parse(sample)).toEqual(sample);
  expect(sample).toMatchObject({ nodesReady: 1, nodesWanted: 2, podsReady: 3, podsWanted: 5, podsMax: 6 });
  expect(sample?.kind === 'inventory' && sample.cpuRatio).toBeCloseTo(0.6);
});

test('since when nothing was heard is told once it is heard again, or at the end', async () => {
  const seen: Observation[] = [];
  let asked = 0;
  const cluster = {
    inventory: async () => {
      asked += 1;
      if (asked <= 2 || asked > 3) throw new Unheard('nothing has been heard', asked * 1_000);
      return inventory;
    },
    events: async () => [],
    podEnds: async () => [],
  };
  {
    using _watch = watchCapacity(cluster, (observation) => seen.push(observation));
    await sleepMs(2_300);
  }
  expect(asked).toBe(4);
  expect(seen.map(({ kind }) => kind)).toEqual(['unheard', 'inventory', 'unheard']);
  expect(seen[0]).toMatchObject({ sinceMs: 1_000 });
  expect(seen[2]).toMatchObject({ sinceMs: 4_000 });
  for (const observation of seen) expect(observationSchema.parse(observation)).toEqual(observation);
});
