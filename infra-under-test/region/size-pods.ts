import { setTimeout as sleep } from 'node:timers/promises';
import { mean } from './compute/autoscaler.ts';
import type { Controller } from './compute/controller.ts';
import type { PodView } from './compute/pod-record.ts';
import { constants } from './constants.ts';
import type { Lifetime } from './lifetime.ts';
import { tenants } from './shop.ts';

/** As many as it takes to compile a pod's code. */
const warmUpRequests = 200;
const shoppersPerPod = 8;
const retryMs = 100;

/** Traffic is steady when the pods' use stays within a quarter of its mean for this many looks, which is 8 s: the code of a pod becomes faster in the first seconds. */
const steadyLooks = 16;
const maxDeviation = 1 / 4;
/** A pod that nobody asks uses less: health checks alone. */
const leastCores = 0.006;

type Ending = Pick<Lifetime, 'throwIfEnding'>;

/** Asks each pod for pages until its code is compiled: what a page costs before that says nothing about later. */
export async function warmPods(controller: Pick<Controller, 'pods'>, lifetime: Ending): Promise<void> {
  await Promise.all(controller.pods().map((pod) => browse(pod, lifetime)));
}

/**
 * Sizes pods by the first steady traffic, as teams size theirs by the traffic of an ordinary day: a pod requests so much of a core
 * that this traffic uses `shareAtFirstTraffic` of it. What a page costs depends on the host, on its other programs and on the rate:
 * measured beside the traffic that will be judged, all of that is in it. Resolves when they are sized, or the region ends.
 */
export async function sizeByFirstTraffic(
  controller: Pick<Controller, 'pods' | 'sizePods'>,
  lifetime: Pick<Lifetime, 'isEnding'>,
  lookEveryMs = 500,
): Promise<void> {
  let looks: number[] = [];
  while (!lifetime.isEnding) {
    await sleep(lookEveryMs, undefined, { ref: false });
    const cores = meanCores(controller.pods());
    looks = cores === null ? [] : [...looks, cores].slice(-steadyLooks);
    if (looks.length < steadyLooks || !isSteady(looks)) continue;
    controller.sizePods(mean(looks) / constants.shareAtFirstTraffic);
    return;
  }
}

/** null until it is known of each pod that is ready. */
function meanCores(pods: Pick<PodView, 'ready' | 'cores'>[]): number | null {
  const known = pods.flatMap(({ ready, cores }) => (ready && cores !== null ? [cores] : []));
  return known.length === 0 || known.length < pods.length ? null : mean(known);
}

function isSteady(looks: number[]): boolean {
  const middle = mean(looks);
  return middle >= leastCores && looks.every((cores) => Math.abs(cores - middle) <= maxDeviation * middle);
}

/** Asks a pod for pages, several at a time: on a busy machine it waits for its turn. */
async function browse({ baseUrl }: PodView, lifetime: Ending): Promise<void> {
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

const pathOf = (page: number): string | undefined =>
  [`/products?page=${(page % 40) + 1}`, `/products/${page + 1}`, `/search?q=oak+${page % 10}`][page % 3];

/** A pod that is not warm yet refuses. */
async function isServed(url: string): Promise<boolean> {
  const response = await fetch(url, { headers: { 'x-tenant': tenants[0] as string } }).catch(() => null);
  await response?.arrayBuffer().catch(() => {});
  return response?.ok ?? false;
}
