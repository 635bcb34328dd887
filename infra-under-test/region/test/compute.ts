import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { Controller } from '../compute/controller.ts';
import type { Inventory } from '../compute/inventory.ts';
import { startNodeAgent } from '../compute/nodes.ts';
import type { PodView } from '../compute/pod-record.ts';
import { startControlApi } from '../control-api.ts';
import { EventLog } from '../events.ts';
import { killLeftovers, type OwnProcess, runningProcesses } from '../processes.ts';

export const token = 'secret';

/** A program for tests. */
export const testFile = (name: string) => join(import.meta.dirname, name);

/** A controller with its API, nodes to be started, and tiny pods. */
export interface TestCompute extends AsyncDisposable {
  controller: Controller;
  regionId: string;
  controlUrl: string;
  logDir: string;
  /** Resolves when the controller knows the node. */
  startNode(name: string): Promise<OwnProcess>;
  deploy(replicas: number): void;
  /** Resolves when this many pods are ready. */
  readyPods(count: number): Promise<PodView[]>;
  /** Pids of all pods that live. */
  podProcesses(): Promise<number[]>;
}

/** Starts a controller that ticks; no node is there yet. */
export async function startCompute(): Promise<TestCompute> {
  const logDir = await mkdtemp(join(tmpdir(), 'tenfold-node-test-'));
  /** Marks the pods. */
  const regionId = logDir.slice(-6);
  const controller = new Controller({ event: () => {} });
  const events = new EventLog(join(logDir, 'events.ndjson'));
  const inventory = () => ({}) as Inventory;
  const dependencies = { regionId, token, controller, events, inventory, describeDatabase: () => null };
  const control = await startControlApi(dependencies);
  const tick = setInterval(() => controller.tick(), 100);
  const agents: OwnProcess[] = [];
  const podArgs = [testFile('pod.ts'), `--region=${regionId}`];
  return {
    controller,
    regionId,
    controlUrl: control.url,
    logDir,
    async startNode(name) {
      const options = { regionId, controlUrl: control.url, token, logDir, givesWay: controller.open };
      const agent = await startNodeAgent({ name, zone: 'local-1a', capacity: 'on-demand' }, options);
      agents.push(agent);
      await within(() => expect(controller.nodes().map((node) => node.name)).toContain(name));
      return agent;
    },
    deploy(replicas) {
      controller.deploy({ replicas, spec: ({ name }) => ({ name, args: podArgs, env: { POD_NAME: name } }) });
    },
    readyPods: (count) =>
      within(() => {
        const ready = controller.pods().filter((pod) => pod.ready);
        expect(ready).toHaveLength(count);
        return ready;
      }),
    async podProcesses() {
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

/** Waits until a check passes. */
export const within = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 15_000, interval: 20 });
