import { setTimeout as sleep } from 'node:timers/promises';
import type { Controller } from './compute/controller.ts';
import type { PodView } from './compute/pod-record.ts';
import { constants, scaled } from './constants.ts';
import type { Lifetime } from './lifetime.ts';
import { tenants } from './shop.ts';

/** Enough for a pod's code to be compiled. */
const warmUpRequests = 200;
const shoppersPerPod = 8;
/**
 * Then this many, at the rate that a pod is sized for: where processes wake each other up for each request, a request
 * costs two and a half times the CPU time that it takes where they are always busy.
 */
const pacedRequests = 200;
/** Until the nodes have reported the CPU time used so far. */
const heardMs = 2 * scaled.heartbeatInterval.ms;
const retryMs = 100;

/**
 * Measures what a request costs a pod on this machine, and returns how much of a core a pod must request to reach the
 * autoscaler's target at `requestsPerSecondAtTarget`, on fast and slow machines alike. Takes about four seconds.
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
  // The least of all pods: anything else on the machine can only add to it.
  const msPerRequest = Math.min(...costsMs.filter((ms) => ms > 0));
  const { requestsPerSecondAtTarget, autoscaling, podCpuRequestCores } = constants;
  if (!Number.isFinite(msPerRequest)) return podCpuRequestCores;
  return ((msPerRequest / 1_000) * requestsPerSecondAtTarget) / autoscaling.targetRatio;
}

async function cpuMsByPod(controller: Pick<Controller, 'pods'>): Promise<Map<string, number>> {
  await sleep(heardMs);
  return new Map(controller.pods().flatMap(({ name, cpuMs }) => (cpuMs === null ? [] : [[name, cpuMs]])));
}

/** Asks a pod for pages, several at a time: on a busy machine it waits for each turn on the CPU. */
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

/** Asks a pod for pages, each when it is due: a slow pod gets several at a time. */
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

/** A pod that is not warm yet refuses. */
async function isServed(url: string): Promise<boolean> {
  const response = await fetch(url, { headers: { 'x-tenant': tenants[0] as string } }).catch(() => null);
  await response?.arrayBuffer().catch(() => {});
  return response?.ok ?? false;
}
