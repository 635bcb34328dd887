import { expect, test } from 'vitest';
import { nodeLoss } from '../../chaos/node-loss.ts';
import { podKill } from '../../chaos/pod-kill.ts';
import { zoneOutage } from '../../chaos/zone-outage.ts';
import type { Fault } from '../model/fault.ts';
import type { Inventory } from '../model/target.ts';
import { plannedSentinel, unknownZone } from './sentinel.ts';

const inventory: Inventory = {
  zones: ['z1', 'z2'],
  nodes: ['z1', 'z2'].map((zone) => ({ name: `node-${zone}`, zone, capacity: 'on-demand' as const })),
  databaseInstances: [],
};

test('a zone that is none is told with those that there are', () => {
  expect(unknownZone({ zone: 'z9' }, inventory)).toEqual(['there is no zone z9 for the sentinel: there are z1, z2']);
  expect(unknownZone({ zone: 'z1' }, { zones: [] })).toEqual([
    'there is no zone z1 for the sentinel: no zone is known',
  ]);
  for (const wish of [undefined, { zone: null }, { zone: 'z2' }]) expect(unknownZone(wish, inventory)).toEqual([]);
});

test.each<[string, Fault | null, string | null, string | undefined]>([
  ['its zone goes', zoneOutage({ zone: 'z1' }), 'z1', 'zone-outage takes zone z1, and the sentinel with it'],
  ['another zone goes', zoneOutage({ zone: 'z2' }), 'z1', undefined],
  [
    'some zone goes, and it is in any',
    zoneOutage({ zone: 'z2' }),
    null,
    "zone-outage may take the sentinel's own zone or node",
  ],
  ['a zone goes that is known only then', zoneOutage(), 'z1', "zone-outage may take the sentinel's own zone or node"],
  ['a node goes', nodeLoss(), 'z1', "node-loss may take the sentinel's own node"],
  ['pods go', podKill({ share: 0.3 }), 'z1', undefined],
  ['nothing goes', null, null, undefined],
])('where %s', (_, fault, zone, atRisk) => {
  expect(plannedSentinel({ zone }, fault, inventory)).toEqual({ zone, ...(atRisk && { atRisk }) });
});
