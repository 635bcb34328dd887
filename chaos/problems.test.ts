import { expect, test } from 'vitest';
import type { CapacityType } from '../src/model/facets.ts';
import type { Fault } from '../src/model/fault.ts';
import type { Inventory } from '../src/model/target.ts';
import { contradictions } from '../src/plan/contradictions.ts';
import { badDeploy } from './bad-deploy.ts';
import { containerKill } from './container-kill.ts';
import { cpuPressure } from './cpu-pressure.ts';
import { databaseUnreachable } from './database-unreachable.ts';
import { dnsDown } from './dns-down.ts';
import { memoryPressure } from './memory-pressure.ts';
import { networkDegraded } from './network-degraded.ts';
import { nodeLoss } from './node-loss.ts';
import { nodePartition } from './node-partition.ts';
import { podKill } from './pod-kill.ts';
import { rdsFailover } from './rds-failover.ts';
import { scaleToZero } from './scale-to-zero.ts';
import { spotInterruption } from './spot-interruption.ts';
import { staggered } from './staggered.ts';
import { zoneOutage } from './zone-outage.ts';

/** A load that stays on for a minute, on a target as fast as the pocket region. */
const clock = { afterFaultMs: 60_000, timeScale: 12 };

/** Zones with a database instance each, and with nodes of these kinds. */
function platform(zones: string[], kinds: CapacityType[]): Inventory {
  return {
    zones,
    nodes: zones.flatMap((zone) => kinds.map((capacity, i) => ({ name: `${zone}-${i + 1}`, zone, capacity }))),
    databaseInstances: zones.map((zone) => ({ id: `db-${zone}`, zone })),
  };
}

const three = platform(['a', 'b', 'c'], ['on-demand', 'spot']);
/** The same with deployments of so many pods. */
const deployed = (...pods: number[]): Inventory => ({
  ...three,
  workloads: pods.map((count, index) => ({
    kind: 'Deployment',
    name: `web-${index + 1}`,
    servesShoppers: true,
    pods: count,
    mayLose: 1,
  })),
});
const onePod = { pods: 1 };
const all = [
  nodeLoss(),
  rdsFailover(),
  zoneOutage(),
  databaseUnreachable({ duration: 'PT3M' }),
  spotInterruption({ nodes: 'one' }),
  spotInterruption({ nodes: 'all' }),
  badDeploy(),
  podKill({ pods: 2 }),
  containerKill({ share: 0.5 }),
  scaleToZero(),
  dnsDown(),
  cpuPressure({ howMany: onePod, cores: 2, lastsMs: 30_000 }),
  memoryPressure({ howMany: onePod, share: 0.9, lastsMs: 30_000 }),
  networkDegraded({
    howMany: onePod,
    delayMs: 100,
    jitterMs: 20,
    lossRatio: 0.05,
    bitsPerSecond: 1e6,
    lastsMs: 30_000,
  }),
  nodePartition({ which: 'node', duration: 'PT5M' }),
  nodePartition({ which: 'zone', duration: 'PT5M' }),
];

test.each(all)('$summary: nothing is wrong on three zones', (fault) => {
  expect(fault.problems(three)).toEqual([]);
});

test.each<[string, Fault, Inventory, RegExp]>([
  ['no node', nodeLoss(), platform([], []), /node-loss finds no node/],
  ['the only node', nodeLoss(), platform(['a'], ['on-demand']), /1 of 1 nodes, more than its blast radius/],
  ['no reader', rdsFailover(), platform(['a'], ['spot']), /no reader to promote: the database has db-a/],
  [
    'an unknown instance',
    rdsFailover({ targetInstanceId: 'db-x' }),
    three,
    /promote db-x, which does not exist: .*db-a, db-b/,
  ],
  ['an unknown zone', zoneOutage({ zone: 'd' }), three, /finds no zone d: there are a, b, c/],
  [
    'an unknown zone cut off',
    nodePartition({ which: 'zone', zone: 'd', duration: 'PT5M' }),
    three,
    /finds no zone d: there are a, b, c/,
  ],
  [
    'a zone with more than half of the nodes',
    zoneOutage({ zone: 'a' }),
    {
      ...three,
      nodes: three.nodes.filter(({ zone, capacity }) => zone === 'a' || (zone === 'b' && capacity === 'spot')),
    },
    /zone-outage would take 2 of 3 nodes/,
  ],
  ['the only zone', zoneOutage(), platform(['a'], ['spot']), /the only zone, more than its blast radius/],
  ['no database', databaseUnreachable({ duration: 'PT3M' }), platform([], []), /finds no database/],
  ['no spot node', spotInterruption({ nodes: 'one' }), platform(['a', 'b'], ['on-demand']), /no spot nodes/],
  ['nothing but spot', spotInterruption({ nodes: 'all' }), platform(['a', 'b'], ['spot']), /2 of 2 nodes/],
  ['no deployment', badDeploy(), deployed(), /no deployment of the shop: there is none/],
  ['two deployments', badDeploy(), deployed(2, 2), /several serve shoppers: web-1, web-2; name one/],
  [
    'an unknown deployment',
    badDeploy({ deployment: 'api' }),
    deployed(2),
    /no deployment api of the shop: there is web-1/,
  ],
  ['more pods than there are', podKill({ pods: 5 }), deployed(3, 1), /is for 5 pods, and the shop has 4/],
  ['no pods to kill', podKill({ share: 0.5 }), deployed(0), /no pod of the shop is ready/],
  [
    'no name service of pods',
    dnsDown(),
    { ...three, dnsKept: 'no pod answers names' },
    /cannot be done: no pod answers names/,
  ],
  ['an unknown workload', scaleToZero({ workload: 'redis' }), deployed(2), /finds no redis: there is web-1/],
  ['one of several', scaleToZero(), deployed(2, 2), /name one of web-1, web-2/],
  [
    'half a core',
    cpuPressure({ howMany: onePod, cores: 0.5, lastsMs: 9_000 }),
    deployed(2),
    /from 1 to 64: 0.5 is not/,
  ],
  ['no time', cpuPressure({ howMany: onePod, cores: 1, lastsMs: 0 }), deployed(2), /from a second to an hour: 0 ms/],
  [
    'all of the memory',
    memoryPressure({ howMany: onePod, share: 1, lastsMs: 9_000 }),
    deployed(2),
    /above 0 and at most 0.95: 1 is neither/,
  ],
  ['nothing of a network', networkDegraded({ howMany: onePod, lastsMs: 9_000 }), deployed(2), /degrades nothing/],
  [
    'more jitter than delay',
    networkDegraded({ howMany: onePod, delayMs: 10, jitterMs: 20, lastsMs: 9_000 }),
    deployed(2),
    /jitterMs from 1 to its delayMs: 20 is not/,
  ],
  [
    'all packets',
    networkDegraded({ howMany: onePod, lossRatio: 1, lastsMs: 9_000 }),
    deployed(2),
    /above 0 and below 1: 1 is not/,
  ],
  [
    'a byte a second',
    networkDegraded({ howMany: onePod, bitsPerSecond: 8, lastsMs: 9_000 }),
    deployed(2),
    /8000 at the least: 8 is not/,
  ],
  [
    'the only node cut off',
    nodePartition({ which: 'node', duration: 'PT5M' }),
    platform(['a'], ['on-demand']),
    /node-partition would take 1 of 1 nodes/,
  ],
  [
    'the only zone cut off',
    nodePartition({ which: 'zone', duration: 'PT5M' }),
    platform(['a'], ['spot', 'spot']),
    /node-partition would take the only zone/,
  ],
  ['half a pod', podKill({ pods: 0.5 }), deployed(3), /\{"pods":0.5\} is neither/],
  ['more than all pods', containerKill({ share: 1.5 }), deployed(3), /\{"share":1.5\} is neither/],
])('%s is refused before anything is started', (_, fault, inventory, message) => {
  expect(fault.problems(inventory)).toEqual([expect.stringMatching(message)]);
});

test('a zone that is named is hit with what is known to be in it', () => {
  const inB = { kind: 'node', which: 'b-1, b-2', count: 2, of: 6 };
  const zone = { kind: 'zone', which: 'b', count: 1, of: 3 };
  const hits = (inventory: Inventory) => zoneOutage().inZone?.('b').hits(inventory);
  expect(hits(three)).toEqual([
    zone,
    inB,
    { kind: 'database instance', which: 'the one of that zone', count: 1, of: 3 },
  ]);
  expect(hits({ ...three, databaseInstances: [] })).toEqual([zone, inB]);
});

test('faults one after the other can be in a zone that is named where one of them takes a zone', () => {
  const named = staggered([zoneOutage({ duration: 'PT8M' }), rdsFailover()], { afterMs: 9_000 }).inZone?.('b');
  expect(named?.effects).toMatchObject([{ zoneOut: 'b' }, { startsAfterMs: 9_000 }]);
  expect(staggered([nodeLoss(), rdsFailover()], { afterMs: 9_000 })).not.toHaveProperty('inZone');
});

const inZoneB = zoneOutage({ zone: 'b', duration: 'PT8M' });
test.each<[string, Fault, RegExp]>([
  [
    'a fault after the load',
    staggered([nodeLoss(), rdsFailover()], { afterMs: 60_000 }),
    /when the load has ended \(60 s after it\)/,
  ],
  ['a fault that outlasts the load', zoneOutage({ duration: 'PT15M' }), /lasts 75 s, and the load ends 60 s after/],
  [
    'the same at the same instant',
    staggered([nodeLoss(), nodeLoss()], { afterMs: 0 }),
    /node-loss is there twice at the same instant/,
  ],
  [
    'two zones at once',
    staggered([inZoneB, zoneOutage({ zone: 'a' })], { afterMs: 9_000 }),
    /two zones would be out at once, b and a/,
  ],
  [
    'promoting in the dark',
    staggered([inZoneB, rdsFailover({ targetInstanceId: 'db-b' })], { afterMs: 9_000 }),
    /promote db-b in b, the zone that is out/,
  ],
])('%s contradicts itself', (_, fault, message) => {
  expect(contradictions(fault.effects, three, clock)).toEqual([expect.stringMatching(message)]);
});

test.each<[string, Fault]>([
  [
    'an outage, then a failover to another zone',
    staggered([inZoneB, rdsFailover({ targetInstanceId: 'db-c' })], { afterMs: 9_000 }),
  ],
  [
    'a failover, then an outage of its zone',
    staggered([rdsFailover({ targetInstanceId: 'db-b' }), inZoneB], { afterMs: 9_000 }),
  ],
])('%s does not contradict itself', (_, fault) => {
  expect(contradictions(fault.effects, three, clock)).toEqual([]);
});

test('how many pods are hit is told, of those that there are', () => {
  expect(podKill({ share: 1 / 3 }).hits(deployed(4, 3))).toMatchObject([{ kind: 'pod', count: 3, of: 7 }]);
  expect(scaleToZero().hits(deployed(4))).toMatchObject([{ kind: 'pod', count: 4, of: 4 }]);
  expect(podKill({ pods: 2 }).hits(three)).toMatchObject([{ count: null, of: null }]);
  expect(badDeploy({ deployment: 'web-2' }).hits(deployed(4, 3))).toMatchObject([{ kind: 'pod', count: 1, of: 3 }]);
});
