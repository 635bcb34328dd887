import { setTimeout as sleep } from 'node:timers/promises';
import type { Controller } from './compute/controller.ts';
import type { PodView } from './compute/pod-record.ts';
import { constants, scaled } from './constants.ts';
import type { Lifetime } from './lifetime.ts';
import { tenants } from './shop.ts';

/** As many as a pod's code takes to be compiled, and as many again. */
const requestsPerPod = 400;
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

/** Asks a pod for one page after the other. */
async function browse({ baseUrl }: PodView, lifetime: Pick<Lifetime, 'throwIfEnding'>): Promise<void> {
  const headers = { 'x-tenant': tenants[0] as string };
  for (let done = 0; done < requestsPerPod; ) {
    lifetime.throwIfEnding();
    const paths = [`/products?page=${(done % 40) + 1}`, `/products/${done + 1}`, `/search?q=oak+${done % 10}`];
    const response = await fetch(`${baseUrl}${paths[done % paths.length]}`, { headers }).catch(() => null);
    await response?.arrayBuffer();
    // One that is not warm yet refuses.
    if (response?.ok) done += 1;
    else await sleep(retryMs);
  }
}
