import { setTimeout as sleep } from 'node:timers/promises';
import type { Controller } from './compute/controller.ts';
import type { PodView } from './compute/pod-record.ts';
import { constants, scaled } from './constants.ts';
import type { Lifetime } from './lifetime.ts';
import { tenants } from './shop.ts';

/** As many as a pod's code takes to be compiled, and as many again. */
const requestsPerPod = 400;
const shoppersPerPod = 8;
/** Until the nodes have told how much CPU time was used by now. */
const heardMs = 2 * scaled.heartbeatInterval.ms;
const retryMs = 100;

/**
 * Measures what a request costs a pod on this machine, and gives how much of a core a pod has to request to reach the
 * autoscaler's target at `requestsPerSecondAtTarget`: on a fast machine as on a slow one. Takes about three seconds.
 */
export async function measurePodSize(
  controller: Pick<Controller, 'pods'>,
  lifetime: Pick<Lifetime, 'throwIfEnding'>,
): Promise<number> {
  const before = await cpuMsByPod(controller);
  await Promise.all(controller.pods().map((pod) => browse(pod, lifetime)));
  const after = await cpuMsByPod(controller);
  const costsMs = [...before].map(([name, cpuMs]) => ((after.get(name) ?? 0) - cpuMs) / requestsPerPod);
  // Of all pods the least: what else runs on the machine makes it only more.
  const msPerRequest = Math.min(...costsMs.filter((ms) => ms > 0));
  const { requestsPerSecondAtTarget, autoscaling, podCpuRequestCores } = constants;
  if (!Number.isFinite(msPerRequest)) return podCpuRequestCores;
  return ((msPerRequest / 1_000) * requestsPerSecondAtTarget) / autoscaling.targetRatio;
}

async function cpuMsByPod(controller: Pick<Controller, 'pods'>): Promise<Map<string, number>> {
  await sleep(heardMs);
  return new Map(controller.pods().flatMap(({ name, cpuMs }) => (cpuMs === null ? [] : [[name, cpuMs]])));
}

/** Asks a pod for pages, some at a time: on a busy machine it waits for each turn that it gets. */
async function browse({ baseUrl }: PodView, lifetime: Pick<Lifetime, 'throwIfEnding'>): Promise<void> {
  const pages = Array.from({ length: requestsPerPod }, (_, page) => page);
  const shoppers = Array.from({ length: shoppersPerPod }, async () => {
    for (let page = pages.pop(); page !== undefined; page = pages.pop())
      while (!(await isServed(`${baseUrl}${pathOf(page)}`))) {
        lifetime.throwIfEnding();
        await sleep(retryMs);
      }
  });
  await Promise.all(shoppers);
}

const pathOf = (page: number): string | undefined =>
  [`/products?page=${(page % 40) + 1}`, `/products/${page + 1}`, `/search?q=oak+${page % 10}`][page % 3];

/** One that is not warm yet refuses. */
async function isServed(url: string): Promise<boolean> {
  const response = await fetch(url, { headers: { 'x-tenant': tenants[0] as string } }).catch(() => null);
  await response?.arrayBuffer().catch(() => {});
  return response?.ok ?? false;
}
