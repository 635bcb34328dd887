import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestFis, type TestFis } from '../infra-under-test/region/aws/test/fis.ts';
import type { AwsAccess, LiveInventory, PlatformEvent } from '../src/model/facets.ts';
import type { Fault, FaultContext, Undo, Way } from '../src/model/fault.ts';
import { openFis } from '../src/platform/fis.ts';
import { rdsDatabase } from '../src/platform/rds-database.ts';
import { testPlatform } from '../tests/support/test-platform.ts';
import { databaseUnreachable } from './database-unreachable.ts';
import { terminateNode } from './node-loss/by-fis.ts';
import { nodeLoss } from './node-loss.ts';
import { nodePartition } from './node-partition.ts';
import { undoFisExperiments } from './shared/undo-fis-experiments.ts';
import { spotInterruption } from './spot-interruption.ts';
import { zoneOutage } from './zone-outage.ts';

/** The region's AWS endpoint over fake machines, as a platform. */
interface PlatformOnFis extends AsyncDisposable {
  fis: TestFis;
  access: AwsAccess;
  context: FaultContext;
  /** Undos that were journalled and not done yet. */
  pending: Undo[];
  events: PlatformEvent[];
}

const byFis = ({ ways }: Fault): Way => ways.find(({ name }) => name === 'fis') as Way;

/** A minute of FIS takes 60 ms by default. Pods run on the nodes `podsOn`. */
async function platformOnFis(options: { podsOn?: string[]; timeScale?: number } = {}): Promise<PlatformOnFis> {
  const { podsOn = ['local-1a-1', 'local-1b-1', 'local-1c-1', 'local-1a-2'], ...scale } = options;
  const fis = await startTestFis(scale);
  const access: AwsAccess = {
    endpoint: fis.endpoint,
    region: 'local-1',
    resourceTags: { 'tenfold:shop': 'storefront' },
    fisRoleArn: 'arn:aws:iam::000000000000:role/tenfold-fis',
    credentials: { accessKeyId: 'local', secretAccessKey: 'not a secret' },
  };
  const pending: Undo[] = [];
  const events: PlatformEvent[] = [];
  const platform = testPlatform({
    aws: access,
    database: rdsDatabase(access, 'shop'),
    cluster: { inventory: async () => inventoryOf(fis, podsOn), events: async () => events, podEnds: async () => [] },
    orders: { scope: 'all', read: () => readOrders(fis) },
  });
  const willChange = (undo: Undo) => {
    pending.push(undo);
    return () => void pending.splice(pending.indexOf(undo), 1);
  };
  const context = { platform, target: 'bench', runId: 'run-1', willChange, signal: new AbortController().signal };
  return { fis, access, context, pending, events, [Symbol.asyncDispose]: () => fis[Symbol.asyncDispose]() };
}

/** The auditor's connection: it answers while a subnet of the database is connected. */
async function readOrders({ machines }: TestFis): Promise<[]> {
  const isDark = machines
    .subnets()
    .every(({ tags, tier }) => tier === 'nodes' || machines.disconnected.has(tags.Name ?? ''));
  if (isDark) throw new Error('timeout expired');
  return [];
}

/** A node is ready while its machine runs and its zone is connected; pods live and die with it. */
function inventoryOf({ machines }: TestFis, podsOn: string[]): LiveInventory {
  const all = machines.instances();
  const nodes = all.map(({ node, zone, capacity, arn, state }) => ({
    name: node,
    zone,
    capacity,
    id: arn,
    ready: state === 'running' && !machines.disconnected.has(`nodes-${zone}`),
  }));
  const pods = podsOn.map((node, index) => {
    const { zone = '', ready = false } = nodes.find(({ name }) => name === node) ?? {};
    return { name: `pod-${index + 1}`, node, zone, ready, cpuRatio: null };
  });
  return { nodes, nodesWanted: nodes.length, pods, podsWanted: pods.length, podsMax: null };
}

let on: PlatformOnFis;
beforeEach(async () => {
  on = await platformOnFis();
});
afterEach(() => on[Symbol.asyncDispose]());

const leftInFis = async () => {
  using fis = openFis(on.access);
  return await fis.findByTags({});
};
const inTheDark = new Set(['nodes-local-1a', 'database-local-1a']);
const nothing = { experimentIds: [], templateIds: [] };

test.each([
  nodeLoss(),
  zoneOutage(),
  nodePartition({ which: 'zone', duration: 'PT5M' }),
  databaseUnreachable({ duration: 'PT3M' }),
  spotInterruption({ nodes: 'one' }),
  spotInterruption({ nodes: 'all' }),
])('rehearsing "$summary" breaks nothing and leaves nothing behind', async (fault) => {
  const way = byFis(fault);
  expect(await way.check(on.context)).toEqual([]);
  expect(await way.holdsAlready?.(on.context)).toBeUndefined();
  expect(on.fis.machines.calls).toEqual([]);
  expect(await leftInFis()).toEqual(nothing);
  expect(on.pending).toEqual([]);
});

test('node loss takes the node that runs pods, is proven by its end, and says in the journal how to undo it', async () => {
  const active = await byFis(nodeLoss()).inject(on.context);
  expect(on.pending).toEqual([{ kind: 'fis-experiment', target: 'bench', runId: 'run-1' }]);
  const { proof, provenAtMs } = await active.prove(on.context.signal);
  expect(proof).toMatch(/^node local-1a-1 with pod-1 is not ready; FIS experiment EXP\w+ \w+$/);
  expect(provenAtMs).toBeGreaterThan(active.injectedAtMs);
  expect(on.fis.machines.calls).toEqual(['terminate local-1a-1']);

  on.fis.machines.node('local-1a-1').state = 'running';
  expect((await active.undo()).revertedAtMs).toBeGreaterThan(provenAtMs ?? 0);
  expect(await leftInFis()).toEqual(nothing);
  expect(on.pending).toEqual([]);
});

test("a zone outage takes the writer's zone with all that is in it, and gives it back when it is undone", async () => {
  await using on = await platformOnFis({ timeScale: 1 });
  const active = await byFis(zoneOutage()).inject(on.context);
  const { proof } = await active.prove(on.context.signal);
  expect(proof).toMatch(
    /^no node of local-1a is ready \(local-1a-1, local-1a-2\); the writer changed from db-a to db-b/,
  );
  expect((await active.undo()).revertedAtMs).not.toBeNull();
  expect(on.fis.machines.disconnected).toEqual(new Set());
  expect(on.fis.machines.pausedZones).toEqual(new Set());
  expect(on.pending).toEqual([]);
});

test("a partition cuts the writer's zone off and leaves its machines running, until it is undone", async () => {
  await using on = await platformOnFis({ timeScale: 1 });
  const active = await byFis(nodePartition({ which: 'zone', duration: 'PT8M' })).inject(on.context);
  expect((await active.prove(on.context.signal)).proof).toMatch(
    /^no node of local-1a is ready \(local-1a-1, local-1a-2\); the writer changed from db-a to db-b/,
  );
  expect(on.fis.machines.disconnected).toEqual(inTheDark);
  expect(on.fis.machines.instances().every(({ state }) => state === 'running')).toBe(true);
  expect((await active.undo()).revertedAtMs).not.toBeNull();
  expect(on.fis.machines.disconnected).toEqual(new Set());
  expect(on.pending).toEqual([]);
});

test('an unreachable database is cut off in all zones, no node is, and orders cannot be read until it is undone', async () => {
  await using on = await platformOnFis({ timeScale: 1 });
  const active = await byFis(databaseUnreachable({ duration: 'PT3M' })).inject(on.context);
  expect((await active.prove(on.context.signal)).proof).toMatch(
    /^orders cannot be read from the database \(timeout expired\); FIS/,
  );
  const zones = ['local-1a', 'local-1b', 'local-1c'];
  expect(on.fis.machines.disconnected).toEqual(new Set(zones.map((zone) => `database-${zone}`)));
  expect(await byFis(databaseUnreachable({ duration: 'PT3M' })).check(on.context)).toEqual([
    'database-unreachable finds no target: the database is out of reach already (timeout expired)',
  ]);
  expect((await active.undo()).revertedAtMs).not.toBeNull();
  expect(on.fis.machines.disconnected).toEqual(new Set());
  expect(on.pending).toEqual([]);
});

test('a spot interruption takes a spot node that runs pods, and is proven by the notice', async () => {
  on.events.push({ atMs: 0, source: 'region', message: 'local-1a-2: notice of the spot interruption' });
  const active = await byFis(spotInterruption({ nodes: 'one' })).inject(on.context);
  expect((await active.prove(on.context.signal)).proof).toContain('node local-1a-2 was given notice');
  await on.fis.machines.start([on.fis.machines.node('local-1a-2').instanceId]);
  await active.undo();
});

test('an outage that a dead process left behind is found by its tag, stopped, and its template deleted', async () => {
  await using slow = await platformOnFis({ timeScale: 1 });
  await (await byFis(zoneOutage()).inject(slow.context)).prove(slow.context.signal);
  expect(slow.fis.machines.disconnected).toEqual(inTheDark);
  const [undo] = slow.pending;
  if (!undo) throw new Error('nothing was journalled');

  await undoFisExperiments(async () => undefined)['fis-experiment']?.(undo);
  expect(slow.fis.machines.disconnected).toEqual(inTheDark);
  await undoFisExperiments(async () => slow.access)['fis-experiment']?.({ ...undo, runId: 'another run' });
  expect(slow.fis.machines.disconnected).toEqual(inTheDark);

  const again = undoFisExperiments(async () => slow.access)['fis-experiment'];
  await again?.(undo);
  await again?.(undo);
  expect(slow.fis.machines.disconnected.size).toBe(0);
  using fis = openFis(slow.access);
  expect(await fis.findByTags({})).toEqual(nothing);
});

test.each([['no node runs a pod', nodeLoss(), [], /node-loss finds no target: no node runs a ready pod/]])(
  '%s: refused on the platform as it is',
  async (_, fault, podsOn, message) => {
    await using empty = await platformOnFis({ podsOn });
    expect(await byFis(fault).check(empty.context)).toEqual([expect.stringMatching(message)]);
  },
);

test('a target that FIS does not find is a problem of the rehearsal, in the words of FIS', async () => {
  using fis = openFis(on.access);
  const template = terminateNode('arn:aws:ec2:local-1:000000000000:instance/i-0123456789abcdef0');
  const templateId = await fis.createTemplate(template, {});
  expect(await fis.dryRun(templateId, {})).toMatchObject({ status: 'failed', reason: expect.stringMatching(/\w/) });
});

test('a spot node without pods is not worth taking back', async () => {
  await using idle = await platformOnFis({ podsOn: ['local-1a-1'] });
  await expect(byFis(spotInterruption({ nodes: 'one' })).inject(idle.context)).rejects.toThrow(
    'no spot node runs a pod',
  );
  expect(idle.fis.machines.calls).toEqual([]);
});
