import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CoordinationV1Api, CoreV1Api, KubeConfig, SchedulingV1Api } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import { isK3s, loadCluster } from '../src/cli/load-cluster.ts';
import { exitCodes } from '../src/model/exit-codes.ts';
import type { Facts } from '../src/model/facts.ts';
import { sleepMs } from '../src/runtime/clock.ts';
import {
  expectWhatHoldsOnAnyHost,
  findingOf,
  leftovers,
  makePlace,
  type Place,
  said,
  startTenfold,
  theRun,
} from './harness.ts';

/** The settings of a cluster that may be drilled; .ci/run makes one where it can. */
const settingsFile = process.env.TENFOLD_TEST_CLUSTER ?? '';

const loaded = settingsFile === '' ? undefined : await loadCluster(settingsFile);
const images = loaded && !isK3s(loaded) ? loaded.settings.images : undefined;
const k6Image = images?.k6;
const sentinelImage = images?.sentinel;

const drill = (place: Place, name: string, args: string[]) =>
  startTenfold(place, [
    ...['run', name, '--target', 'kubernetes', '--cluster', settingsFile, '--profile', 'brief', '--scale', '1:60'],
    ...['--reports', place.reports, ...args],
  ]);

/** The cluster, asked by a client of this test's own. */
async function theCluster() {
  if (!loaded || isK3s(loaded)) throw new Error('these tests need a cluster that stays up');
  const { settings } = loaded;
  const config = new KubeConfig();
  config.loadFromFile(settings.kubeconfig ?? join(process.env.HOME ?? '', '.kube', 'config'));
  config.setCurrentContext(settings.context);
  return {
    core: config.makeApiClient(CoreV1Api),
    scheduling: config.makeApiClient(SchedulingV1Api),
    leases: config.makeApiClient(CoordinationV1Api),
  };
}

/** Namespaces and priority classes of drills, their lock, and nodes that are off or take no pods; after a while: a machine that was switched on has to boot. */
async function leftOnCluster(): Promise<string[]> {
  let left = await lookAtCluster();
  for (let waitedMs = 0; left.length > 0 && waitedMs < 60_000; waitedMs += 1_000) {
    await sleepMs(1_000);
    left = await lookAtCluster();
  }
  return left;
}

async function lookAtCluster(): Promise<string[]> {
  const { core, scheduling, leases } = await theCluster();
  const locks = (await leases.listNamespacedLease({ namespace: 'default' })).items.map(
    ({ metadata }) => metadata?.name ?? '',
  );
  const classes = (await scheduling.listPriorityClass()).items.map(({ metadata }) => metadata?.name ?? '');
  const namespaces = (await core.listNamespace()).items.map(({ metadata }) => metadata?.name ?? '');
  const nodes = (await core.listNode()).items.filter(
    ({ spec, status }) =>
      spec?.unschedulable || !status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
  );
  return [
    ...[...namespaces, ...classes, ...locks].filter((name) => name.startsWith('tenfold-')),
    ...nodes.map(({ metadata }) => `node ${metadata?.name}`),
  ];
}

describe.skipIf(settingsFile === '')('on a cluster', () => {
  test('a node is lost and comes back, the verdict matches the evidence, and nothing is left', async () => {
    await using place = await makePlace();
    const result = await drill(place, 'node-loss', []);
    const { verdict } = await theRun(place, 'node-loss');
    expectWhatHoldsOnAnyHost(verdict, result.stderr);
    expect(result.exitCode).toBe(exitCodes[verdict.outcome]);
    expect(verdict.fault?.proof).toMatch(/node \S+ is not ready/);
    const known = (verdict.replacements ?? [])
      .filter(({ replaces }) => replaces !== null)
      .map(({ steps }) => steps.flatMap(({ step, source }) => (source === null ? [] : [step])));
    expect(known).toContainEqual(expect.arrayContaining(['silent', 'not-ready', 'evicted', 'created', 'scheduled']));
    expect(verdict.orders.persisted).toBeGreaterThan(0);
    expect(await leftOnCluster()).toEqual([]);
    expect(await leftovers(place)).toEqual([]);
  });

  test('a shop that keeps sessions in its pods loses them, and the drill says so', async () => {
    await using place = await makePlace();
    const result = await drill(place, 'node-loss', ['--without', 'session-store']);
    const { verdict } = await theRun(place, 'node-loss');
    expect(findingOf(verdict, 'sessions'), result.stderr).toMatchObject({ outcome: 'fail' });
    expect(result.exitCode).toBe(exitCodes.fail);
    expect(await leftOnCluster()).toEqual([]);
  });

  test('a database without a quorum loses orders with its primary, and the drill says so', async () => {
    await using place = await makePlace();
    const result = await drill(place, 'aurora-failover', ['--without', 'quorum-commit']);
    const { verdict } = await theRun(place, 'aurora-failover');
    expect(findingOf(verdict, 'orders.lost'), result.stderr).toMatchObject({ outcome: 'fail' });
    expect(result.exitCode).toBe(exitCodes.fail);
    expect(await leftOnCluster()).toEqual([]);
  });

  test.skipIf(k6Image === undefined)('load from pods of the cluster is judged as that of one k6', async () => {
    await using place = await makePlace();
    const result = await drill(place, 'node-loss', ['--load', 'cluster', '--runners', '2']);
    const { verdict, folder } = await theRun(place, 'node-loss');
    const facts = JSON.parse(await readFile(join(folder, 'facts.json'), 'utf8')) as Facts;
    expectWhatHoldsOnAnyHost(verdict, result.stderr);
    expect(facts.load.pods).toHaveLength(2);
    for (const { lost, clockOffMs } of facts.load.pods ?? []) {
      expect(clockOffMs).not.toBeNull();
      // The node that goes may be a runner's.
      if (lost) expect(findingOf(verdict, 'instruments.load')).toMatchObject({ outcome: 'inconclusive' });
    }
    expect(await leftOnCluster()).toEqual([]);
  });

  test.skipIf(sentinelImage === undefined)(
    'a sentinel in a pod sees what one outside would, and goes with the drill',
    async () => {
      await using place = await makePlace();
      const result = await drill(place, 'pod-kill', ['--sentinel', 'cluster']);
      const { verdict, folder } = await theRun(place, 'pod-kill');
      const facts = JSON.parse(await readFile(join(folder, 'facts.json'), 'utf8')) as Facts;
      expectWhatHoldsOnAnyHost(verdict, result.stderr);
      expect(facts.sentinel).toMatchObject({ lost: false, missing: 0, zone: expect.stringMatching(/./) });
      expect(facts.sentinel?.clockOffMs).not.toBeNull();
      expect(facts.recovery.find(({ path }) => path === 'shop')?.probes).toBeGreaterThan(1_000);
      expect(await leftOnCluster()).toEqual([]);
    },
  );

  test('kill -9 while a node is off: the next command switches it on and takes the platform down', async () => {
    await using place = await makePlace();
    const running = drill(place, 'node-loss', []);
    await said(running, 'fault node-loss injected');
    running.kill('SIGKILL');
    await running;
    const cleanup = await startTenfold(place, ['cleanup']);
    expect(cleanup.exitCode, cleanup.stderr).toBe(exitCodes.pass);
    expect(await leftOnCluster()).toEqual([]);
  });
});
