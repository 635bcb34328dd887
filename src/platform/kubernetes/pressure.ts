import type { V1Pod } from '@kubernetes/client-node';
import { z } from 'zod';
import { cannotTell } from '../../model/errors.ts';
import { busySeconds, type Change, type Pressure } from '../../model/facets.ts';
import type { Undo } from '../../model/fault.ts';
import { waitFor } from '../../runtime/clock.ts';
import { type ClusterApi, type ClusterPlace, isNotFound, sameCluster } from './cluster-api.ts';
import { type ContainerPlace, execByAny, hasNone, isMissing, startIn } from './exec.ts';
import { cpuHog, endHogs, memoryHog } from './hogs.ts';
import { bytes, servingContainer } from './objects.ts';
import { pressureUndoKind } from './undo-kinds.ts';

/** A container that is short of CPU takes its time. */
const startMs = 30_000;
const endMs = 30_000;
/** What is in use goes up and down by what the shop does. */
const nearlyRatio = 0.98;

export interface PressureWish {
  pressure: Pressure;
  runId: string;
  lastsMs: number;
}

/**
 * Starts programs in the containers that serve, so that they count in the container's own cgroup. They end by themselves after their
 * time, whoever is still there; until then they are found by a marker. @returns why that cannot be done, in words
 */
export async function pressureOn(
  api: ClusterApi,
  place: ClusterPlace,
  pods: readonly V1Pod[],
  { pressure, runId: marker, lastsMs }: PressureWish,
): Promise<Change | string> {
  const seconds = Math.ceil(lastsMs / 1000);
  const found = pods.map((pod) => ({ ...placeIn(pod), hogs: hogsFor(pod, pressure, marker, seconds) }));
  const unlimited = found.filter(({ hogs }) => hogs.length === 0).map(({ pod }) => pod);
  if (unlimited.length > 0)
    return `the container of ${unlimited.join(', ')} has no memory limit, and what is taken would be the node's: set resources.limits.memory`;
  const places = found.map(({ namespace, pod, container }) => ({ namespace, pod, container }));
  // What would end them has to be there before they are.
  const end = Promise.all(places.map((where) => execByAny(api, where, endHogs(marker))));
  const why = await end.then(
    () => undefined,
    (error: Error) => error.message,
  );
  if (why !== undefined) return why;
  const running: Hog[] = [];
  return {
    undo: { kind: pressureUndoKind, ...place, marker, places: JSON.stringify(places) },
    async make() {
      const starts = found.flatMap(({ hogs, ...where }) => hogs.map((means) => startHog(api, where, means)));
      const settled = await Promise.allSettled(starts);
      running.push(...settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
      const failed = settled.find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
    },
    async takeBack() {
      await endIn(api, places, marker);
      for (const { leave } of running.splice(0)) leave();
    },
    evidence: () => evidenceOf(running, pressure),
  };
}

function placeIn({ metadata, spec }: V1Pod): ContainerPlace {
  const { name: pod = '', namespace = '' } = metadata ?? {};
  return { namespace, pod, container: servingContainer(spec?.containers).container.name };
}

/** What has to run there, each by any of several programs; none where nothing limits the memory. */
function hogsFor({ spec }: V1Pod, pressure: Pressure, marker: string, seconds: number): string[][][] {
  if (pressure.of === 'cpu') return Array.from({ length: pressure.cores }, () => cpuHog(marker, seconds));
  const limit = bytes(servingContainer(spec?.containers).container.resources?.limits?.memory);
  return limit === null ? [] : [memoryHog(marker, seconds, Math.round(pressure.share * 1000), limit)];
}

interface Hog {
  pod: string;
  /** What it said last, as numbers. */
  said(): number[];
  leave(): void;
}

/** @throws where the image has none of the programs, or the one that it has ends without having said what it takes */
async function startHog(api: ClusterApi, place: ContainerPlace, means: string[][]): Promise<Hog> {
  for (const argv of means) {
    let line = '';
    const { ended, leave } = await startIn(api, place, argv, (text) => {
      line = text.trim().split('\n').at(-1) || line;
    });
    let over: string | undefined;
    ended.then(
      (end) => {
        over = end ?? 'it has ended';
      },
      (error: Error) => {
        over = error.message;
      },
    );
    const numbers = () => line.split(' ').map(Number);
    const speaks = () => over !== undefined || (line !== '' && numbers().every(Number.isFinite)) || undefined;
    await waitFor(`${argv[0]} in pod ${place.pod} to start`, speaks, { timeoutMs: startMs, intervalMs: 50 });
    if (over === undefined) return { pod: place.pod, said: numbers, leave };
    leave();
    if (!isMissing(over)) throw cannotTell(`nothing can be taken in pod ${place.pod}: ${line || over}`);
  }
  throw hasNone(place, means);
}

function evidenceOf(running: readonly Hog[], pressure: Pressure): string | undefined {
  const seen = running.map(({ pod, said }) =>
    pressure.of === 'cpu' ? busyIn(pod, said()) : fullIn(pod, said(), pressure),
  );
  return seen.length === 0 || seen.includes(undefined) ? undefined : seen.join('; ');
}

const busyIn = (pod: string, [seconds = 0]: number[]): string | undefined =>
  seconds >= busySeconds ? `a process in pod ${pod} has used ${seconds} s of CPU time` : undefined;

const fullIn = (pod: string, [used = 0, limit = 0]: number[], { share }: { share: number }): string | undefined =>
  limit > 0 && used >= share * limit * nearlyRatio
    ? `${Math.round((used / limit) * 100)} % of the ${Math.round(limit / 1024 ** 2)} MiB of pod ${pod} are in use`
    : undefined;

/** Ends what has the marker, and waits until there is none of it. */
async function endIn(api: ClusterApi, places: readonly ContainerPlace[], marker: string): Promise<void> {
  await Promise.all(
    places.map(async (place) => {
      const ended = async () => {
        const failure = await execByAny(api, place, endHogs(marker)).catch(async (error: Error) => {
          if (await runsNoMore(api, place)) return null;
          throw error;
        });
        // A container that ends takes them along.
        return typeof failure === 'string' ? undefined : true;
      };
      await waitFor(`what takes CPU or memory in pod ${place.pod} to end`, ended, {
        timeoutMs: endMs,
        intervalMs: 250,
      });
    }),
  );
}

async function runsNoMore({ core }: ClusterApi, { namespace, pod, container }: ContainerPlace): Promise<boolean> {
  try {
    const { status } = await core.readNamespacedPod({ namespace, name: pod });
    return !status?.containerStatuses?.some(({ name, state }) => name === container && state?.running);
  } catch (error) {
    if (isNotFound(error)) return true;
    throw error;
  }
}

const journalled = z.object({
  marker: z.string(),
  places: z
    .string()
    .transform((text) =>
      z.array(z.object({ namespace: z.string(), pod: z.string(), container: z.string() })).parse(JSON.parse(text)),
    ),
});

/** Ends what takes CPU or memory, for a drill that has died. */
export async function undoPressure({ marker, places, ...place }: Undo): Promise<void> {
  const asked = journalled.parse({ marker, places });
  await endIn(await sameCluster(place), asked.places, asked.marker);
}
