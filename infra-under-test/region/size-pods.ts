import { setTimeout as sleep } from 'node:timers/promises';
import type { Controller } from './compute/controller.ts';
import type { PodView } from './compute/pod-record.ts';
import { constants, scaled } from './constants.ts';
import type { Lifetime } from './lifetime.ts';
import { tenants } from './shop.ts';

/** As many as a pod's code takes to be compiled. */
const warmUpRequests = 200;
const shoppersPerPod = 8;
/**
 * Then as many, at the rate that a pod is sized for: where processes wake each other up for each request, one costs two and a half
 * times the CPU time that it takes where they are busy all the time.
 */
const pacedRequests = 200;
/** Until the nodes have told how much CPU time was used by now. */
const heardMs = 2 * scaled.heartbeatInterval.ms;
const retryMs = 100;

/**
 * Measures what a request costs a pod on this machine, and gives how much of a core a pod has to request to reach the
 * autoscaler's target at `requestsPerSecondAtTarget`: on a fast machine as on a slow one. Takes about four seconds.
 */
export async function measurePodSize(
  controller: Pick<Controller, 'pods'>,
  lifetime: Pick<Lifetime, 'throwIfEnding'>,
): Promise<number> {
  await Promise.all(controller.pods().map((pod) => browse(pod, lifetime)));
  const before = await cpuMsByPod(controller);
  await Promise.all(controller.pods().map((pod) => browseAtRate(pod, lifetime)));
  const after = await cpuMsByPod(controller);
  const costsMs = [...before].map(([name, cpuMs]) => ((after.get(name) ?? 0) - cpuMs) / pacedRequests);
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
  const pages = Array.from({ length: warmUpRequests }, (_, page) => page);
  const shoppers = Array.from({ length: shoppersPerPod }, async () => {
    for (let page = pages.pop(); page !== undefined; page = pages.pop())
      while (!(await isServed(`${baseUrl}${pathOf(page)}`))) {
        lifetime.throwIfEnding();
        await sleep(retryMs);
      }
  });
  await Promise.all(shoppers);
}

/** Asks a pod for pages, each when it is due: one that is slow meets several at a time. */
async function browseAtRate({ baseUrl }: PodView, lifetime: Pick<Lifetime, 'throwIfEnding'>): Promise<void> {
  const everyMs = 1_000 / constants.requestsPerSecondAtTarget;
  const startMs = performance.now();
  const served: Promise<boolean>[] = [];
  for (let page = 0; page < pacedRequests; page += 1) {
    lifetime.throwIfEnding();
    await sleep(Math.max(0, startMs + page * everyMs - performance.now()));
    served.push(isServed(`${baseUrl}${pathOf(page)}`));
  }
  await Promise.all(served);
}

const pathOf = (page: number): string | undefined =>
  [`/products?page=${(page % 40) + 1}`, `/products/${page + 1}`, `/search?q=oak+${page % 10}`][page % 3];

/** One that is not warm yet refuses. */
async function isServed(url: string): Promise<boolean> {
  const response = await fetch(url, { headers: { 'x-tenant': tenants[0] as string } }).catch(() => null);
  await response?.arrayBuffer().catch(() => {});
  return response?.ok ?? false;
}
