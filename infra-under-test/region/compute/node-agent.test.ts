import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { startControlApi } from '../control-api.ts';
import { EventLog } from '../events.ts';
import { killGroup, killLeftovers, type OwnProcess, runningProcesses } from '../processes.ts';
import { Controller } from './controller.ts';
import { startComputeNode } from './nodes.ts';

const token = 'secret';
const testFile = (name: string) => join(import.meta.dirname, '..', 'test', name);

/** A controller with its API, nodes to be started, and tiny pods. */
async function startCompute() {
  const logDir = await mkdtemp(join(tmpdir(), 'tenfold-node-test-'));
  /** Marks the pods. */
  const regionId = logDir.slice(-6);
  const controller = new Controller({ event: () => {} });
  const events = new EventLog(join(logDir, 'events.ndjson'));
  const control = await startControlApi({ regionId, token, controller, events, describeDatabase: () => null });
  const tick = setInterval(() => controller.tick(), 100);
  const agents: OwnProcess[] = [];
  const podArgs = [testFile('pod.ts'), `--region=${regionId}`];
  return {
    controller,
    controlUrl: control.url,
    logDir,
    async startNode(name: string): Promise<OwnProcess> {
      const options = { regionId, controlUrl: control.url, token, logDir };
      const { agent } = await startComputeNode({ name, zone: 'local-1a' }, options);
      agents.push(agent);
      await within(() => expect(controller.nodes().map((node) => node.name)).toContain(name));
      return agent;
    },
    deploy(replicas: number): void {
      controller.deploy({ replicas, spec: ({ name }) => ({ name, args: podArgs, env: { POD_NAME: name } }) });
    },
    readyPods: (count: number) =>
      within(() => {
        const ready = controller.pods().filter((pod) => pod.ready);
        expect(ready).toHaveLength(count);
        return ready;
      }),
    /** Pids of all pods that live. */
    async podProcesses(): Promise<number[]> {
      const all = await runningProcesses();
      return all.filter(({ args }) => podArgs.every((arg) => args.includes(arg))).map(({ pid }) => pid);
    },
    async [Symbol.asyncDispose]() {
      clearInterval(tick);
      await Promise.all(agents.map((agent) => agent.stop(1_000)));
      await killLeftovers({ id: regionId, dir: logDir });
      await control.close();
      await rm(logDir, { recursive: true });
    },
  };
}

const within = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 8_000, interval: 20 });

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
    body: JSON.stringify({ node: 'stranger', zone: 'local-1a', pods: [] }),
  });
  expect(answer.status).toBe(401);
  expect(compute.controller.nodes()).toEqual([]);
});
