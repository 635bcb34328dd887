import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, test, vi } from 'vitest';
import { constants, scaled } from '../constants.ts';
import { killGroup, type OwnProcess, runningProcesses } from '../processes.ts';
import { startCompute, testFile, token, within } from '../test/compute.ts';

describe.concurrent('a node', () => {
  test('runs the pods it is assigned, and stops them when they are not any more', async () => {
    await using compute = await startCompute();
    await compute.startNode('one');
    compute.deploy(2);
    const [pod] = await compute.readyPods(2);
    expect(await (await fetch(pod?.baseUrl ?? '')).text()).toBe(pod?.name);
    compute.deploy(0);
    await within(async () => expect(await compute.podProcesses()).toEqual([]));
  });

  test('lets a pod serve on for a while after it was taken away', async () => {
    await using compute = await startCompute();
    await compute.startNode('one');
    compute.deploy(1);
    const [pod] = await compute.readyPods(1);
    compute.deploy(0);
    expect(compute.controller.targets()).toEqual([]);
    const goneMs = performance.now();
    await new Promise((resolve) => setTimeout(resolve, scaled.deregistrationWait.ms - 100));
    expect((await fetch(pod?.baseUrl ?? '')).status).toBe(200);
    await within(async () => expect(await compute.podProcesses()).toEqual([]));
    expect(performance.now() - goneMs).toBeGreaterThanOrEqual(scaled.deregistrationWait.ms);
  });

  test.runIf(existsSync('/proc/self/autogroup'))(
    'gives way once the shop is open, unless one of its pods serves',
    async () => {
      await using compute = await startCompute();
      const shareOf = async ({ pid }: OwnProcess) =>
        (await readFile(`/proc/${pid}/autogroup`, 'utf8')).trim().split(' ').at(-1);
      const one = await compute.startNode('one');
      expect(await shareOf(one)).toBe('0');
      compute.deploy(1);
      await compute.readyPods(1);
      await within(() => expect(compute.controller.open).toBe(true));
      const two = await compute.startNode('two');
      expect([await shareOf(one), await shareOf(two)]).toEqual(['0', '10']);
      compute.deploy(0);
      await within(async () => expect(await compute.podProcesses()).toEqual([]));
      await within(async () => expect(await shareOf(one)).toBe('10'));
    },
  );

  test('tells how much CPU time its pods use', async () => {
    await using compute = await startCompute();
    await compute.startNode('one');
    compute.deploy(1);
    compute.controller.sizePods(constants.podCpuRequestCores);
    const { cpuInitialisation, cpuWindow } = scaled;
    await vi.waitFor(() => expect(compute.controller.pods()[0]?.cpuRatio).toBeGreaterThanOrEqual(0), {
      timeout: 10_000 + cpuInitialisation.ms + cpuWindow.ms,
      interval: 100,
    });
  });

  test('starts a pod again that was killed, on another port', async () => {
    await using compute = await startCompute();
    await compute.startNode('one');
    compute.deploy(1);
    const [before] = await compute.readyPods(1);
    const [pid] = await compute.podProcesses();
    process.kill(pid ?? 0, 'SIGKILL');
    const after = await within(() => {
      const [pod] = compute.controller.pods();
      expect(pod).toMatchObject({ name: before?.name, ready: true, restarts: 1, lastExit: 'signal SIGKILL' });
      return pod;
    });
    expect(after?.baseUrl).not.toBe(before?.baseUrl);
  });

  test('whose group is killed leaves no pod, and its pods are replaced on another node', async () => {
    await using compute = await startCompute();
    const one = await compute.startNode('one');
    compute.deploy(2);
    await compute.readyPods(2);
    await compute.startNode('two');
    killGroup(one.pid, 'SIGKILL');
    await within(async () => expect(await compute.podProcesses()).toEqual([]));
    await within(() => expect(compute.controller.pods().map(({ node }) => node)).toEqual(['two', 'two']));
    await compute.readyPods(2);
  });

  test('that was frozen is NotReady, and gives its old pods up when it thaws', async () => {
    await using compute = await startCompute();
    const one = await compute.startNode('one');
    compute.deploy(1);
    await compute.readyPods(1);
    const old = await compute.podProcesses();
    killGroup(one.pid, 'SIGSTOP');
    await within(() => expect(compute.controller.nodes()).toMatchObject([{ ready: false }]));
    await within(() => expect(compute.controller.pods()).toEqual([]));
    killGroup(one.pid, 'SIGCONT');
    await compute.readyPods(1);
    await within(async () => expect(await compute.podProcesses()).not.toContain(old[0]));
  });

  test('whose owner is killed with -9 takes its pods along', async () => {
    await using compute = await startCompute();
    const owner = spawn(process.execPath, [testFile('node-owner.ts'), compute.controlUrl, token, compute.logDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = await once(owner.stdout, 'data');
    compute.deploy(1);
    await compute.readyPods(1);
    owner.kill('SIGKILL');
    await within(async () => {
      expect((await runningProcesses()).filter(({ pid }) => pid === Number(said))).toEqual([]);
      expect(await compute.podProcesses()).toEqual([]);
    });
  });
});

test('a heartbeat without the token is refused, for the answer holds secrets', async () => {
  await using compute = await startCompute();
  const answer = await fetch(`${compute.controlUrl}/heartbeats`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ node: 'stranger', zone: 'local-1a', capacity: 'spot', atMs: 0, pods: [] }),
  });
  expect(answer.status).toBe(401);
  expect(compute.controller.nodes()).toEqual([]);
});
