import { expect, test } from 'vitest';
import type { Command } from '../src/model/command.ts';
import type { Fault } from '../src/model/fault.ts';
import { apiServerAway } from './api-server-away.ts';
import { badDeploy } from './bad-deploy.ts';
import { commandFault } from './command.ts';
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

const minute = 60_000;
const command: Command = { argv: ['true'], timeoutMs: 1_000 };
const byCommand = (lastsMs?: number) =>
  commandFault({
    summary: 'it breaks',
    inject: command,
    prove: command,
    undo: command,
    cwd: '.',
    secrets: [],
    ...(lastsMs !== undefined && { lastsMs }),
  });

test.each<[string, Fault, object[]]>([
  ['an outage of a zone', zoneOutage({ duration: 'PT8M' }), [{ lasts: { platformMs: 8 * minute } }]],
  [
    'a database that nobody reaches',
    databaseUnreachable({ duration: 'PT3M' }),
    [{ lasts: { platformMs: 3 * minute } }],
  ],
  // The notice, the end, and a minute until the pods are known to be gone.
  ['a spot interruption', spotInterruption({ nodes: 'one' }), [{ lasts: { platformMs: 3 * minute } }]],
  ['one with more notice', spotInterruption({ nodes: 'all', notice: 'PT5M' }), [{ lasts: { platformMs: 6 * minute } }]],
  ['a failover, on the wall clock,', rdsFailover(), [{ lasts: 10_000 }]],
  ['a deployment without pods', scaleToZero({ lastsMs: 20_000 }), [{ lasts: 20_000 }]],
  ['no API server for a while', apiServerAway({ lastsMs: 30_000 }), [{ lasts: 30_000 }]],
  ['no names for a while', dnsDown({ lastsMs: 20_000 }), [{ lasts: 20_000 }]],
  ['a core that is busy', cpuPressure({ howMany: { pods: 1 }, cores: 1, lastsMs: 20_000 }), [{ lasts: 20_000 }]],
  ['memory that is taken', memoryPressure({ howMany: { pods: 1 }, share: 0.8, lastsMs: 20_000 }), [{ lasts: 20_000 }]],
  ['a bad network', networkDegraded({ howMany: { pods: 1 }, lossRatio: 0.1, lastsMs: 20_000 }), [{ lasts: 20_000 }]],
  ['a node cut off', nodePartition({ which: 'node', duration: 'PT5M' }), [{ lasts: { platformMs: 5 * minute } }]],
  [
    'a zone cut off',
    nodePartition({ which: 'zone', duration: 'PT5M' }),
    [{ lasts: { platformMs: 5 * minute }, zoneOut: 'the zone of the writer' }],
  ],
  ['commands', byCommand(4_000), [{ lasts: 4_000 }]],
])('%s says how long it goes on by itself', (_, { effects }, expected) => {
  expect(effects).toMatchObject(expected);
});

test('one whose end nobody knows beforehand says nothing', () => {
  for (const { effects } of [nodeLoss(), byCommand(), badDeploy(), podKill({ pods: 1 }), scaleToZero(), dnsDown()])
    for (const effect of effects) expect(Object.keys(effect).toSorted()).toEqual(['kind', 'startsAfterMs']);
});

test('faults that follow each other keep their lengths', () => {
  expect(staggered([zoneOutage(), rdsFailover()], { afterMs: 5_000 }).effects).toMatchObject([
    { startsAfterMs: 0, lasts: { platformMs: 8 * minute } },
    { startsAfterMs: 5_000, lasts: 10_000 },
  ]);
});
