import { describe, expect, test } from 'vitest';
import { exitCodes } from '../src/model/exit-codes.ts';
import { containersOf } from '../src/platform/kubernetes/k3s/docker.ts';
import { k3sName } from '../src/platform/kubernetes/k3s/place.ts';
import { sleepMs } from '../src/runtime/clock.ts';
import { expectWhatHoldsOnAnyHost, leftovers, makePlace, type Place, said, startTenfold, theRun } from './harness.ts';

/** `k3s`, or the settings of one, where Docker is there and has its image; what it starts takes minutes. */
const cluster = process.env.TENFOLD_TEST_K3S ?? '';

const drill = (place: Place) =>
  startTenfold(place, [
    ...['run', 'node-loss', '--target', 'kubernetes', '--cluster', cluster, '--profile', 'brief', '--scale', '1:60'],
    ...['--reports', place.reports],
  ]);

/** The reaper waits ten seconds for a process to come back. */
async function leftInDocker(): Promise<string[]> {
  for (let waitedMs = 0; waitedMs < 60_000 && (await containersOf(k3sName)).length > 0; waitedMs += 1_000)
    await sleepMs(1_000);
  return (await containersOf(k3sName)).flatMap(({ Names }) => Names);
}

describe.skipIf(cluster === '')('on a k3s in containers', { timeout: 1_500_000 }, () => {
  test('a node is lost and comes back, the verdict matches the evidence, and nothing is left', async () => {
    await using place = await makePlace();
    const result = await drill(place);
    const { verdict } = await theRun(place, 'node-loss');
    expectWhatHoldsOnAnyHost(verdict, result.stderr);
    expect(result.exitCode).toBe(exitCodes[verdict.outcome]);
    expect(verdict.fault?.proof).toMatch(/node \S+ is not ready/);
    expect(verdict.orders.persisted).toBeGreaterThan(0);
    expect(await leftInDocker()).toEqual([]);
    expect(await leftovers(place)).toEqual([]);
  });

  test('kill -9 while it is started: it is gone by itself, and the next command finds all undone', async () => {
    await using place = await makePlace();
    const running = drill(place);
    await said(running, 'starting a k3s');
    while ((await containersOf(k3sName)).length === 0) await sleepMs(200);
    running.kill('SIGKILL');
    await running;
    expect(await leftInDocker()).toEqual([]);
    const cleanup = await startTenfold(place, ['cleanup']);
    expect(cleanup.exitCode, cleanup.stderr).toBe(exitCodes.pass);
  });
});
