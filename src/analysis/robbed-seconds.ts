import type { RobbedSecond } from '../model/facts.ts';
import type { LaneProbes } from './lane-probes.ts';
import type { ObservationOf } from './observations.ts';

type RobbedBy = RobbedSecond['because'];
type Look = Pick<ObservationOf<'host'>, 'atMs' | 'stealRatio' | 'neighbourRatio'>;

/** A wait of the generator that took too long: from when it was due to end until it did. */
export interface LateWait {
  dueMs: number;
  endMs: number;
}

/*
 * The bounds are fixed, and none of them looks at how the shop fared: a call may be left out for what the host did while
 * it ran, never for how long it took.
 */
/**
 * Share of a second's CPU time that the hypervisor's other guests take: on two cores a pause of 100 ms, the API's whole limit.
 */
const maxStealRatio = 0.05;
/** Share of a second's CPU time that other programs take: what a host must have to spare anyway. Decision 13 has the figures. */
export const maxNeighbourRatio = 0.1;
/** The instruments are late when they lag by more than this: a fifth of the API's limit. */
export const lateMs = 20;
/** Share of a second: one pause of 50 ms in which all were late is enough. */
const maxLateShare = 0.05;
/** What has queued up in a robbed second is worked off in the next one. */
const drainSeconds = 1;
/** A look at the host belongs to the seconds of which it covers more than this. */
const slackMs = 100;

/**
 * The whole seconds in which the host was taken away from the measurement or from the shop, in order, each with the first
 * reason that holds. What is unknown robs nobody.
 * @param turnMs where these seconds turn within those of the epoch
 */
export function robbedSeconds(looks: Look[], lanes: LaneProbes[], waits: LateWait[], turnMs = 0): RobbedSecond[] {
  const robbed = new Map<number, RobbedBy>();
  const rob = (second: number, because: RobbedBy) => robbed.has(second) || robbed.set(second, because);
  const taken = looks.flatMap((look, index) => secondsTaken(look, looks[index - 1], turnMs));
  for (const { second, because } of taken.filter((one) => one.because === 'stolen')) rob(second, because);
  for (const { second, because } of taken) rob(second, because);
  for (const second of lateSeconds(lanes, waits, turnMs)) rob(second, 'late');
  for (const [second, because] of [...robbed])
    for (let after = 1; after <= drainSeconds; after += 1) rob(second + after, because);
  return [...robbed]
    .map(([second, because]) => ({ atMs: second * 1_000 + turnMs, because }))
    .sort((a, b) => a.atMs - b.atMs);
}

/** Starts of the seconds that others took, in ms: they count on neither side. */
export const takenSeconds = (robbed: RobbedSecond[]): number[] => secondsOf(robbed, (because) => because !== 'late');

/**
 * Starts of the seconds in which the instruments were late and nobody else is known to have taken the CPU. On a machine that the shop
 * fills by itself, that may be the shop's doing: it excuses a fail, but turns none into a pass.
 */
export const merelyLateSeconds = (robbed: RobbedSecond[]): number[] =>
  secondsOf(robbed, (because) => because === 'late');

const secondsOf = (robbed: RobbedSecond[], wanted: (because: RobbedBy) => boolean): number[] =>
  robbed.flatMap(({ atMs, because }) => (wanted(because) ? [atMs] : []));

/** Who took more of the CPU than is tolerated in the time of a look; null for nobody, or nobody known. */
export function robber({ stealRatio, neighbourRatio }: Look): 'stolen' | 'neighbour' | null {
  if ((stealRatio ?? 0) > maxStealRatio) return 'stolen';
  return (neighbourRatio ?? 0) > maxNeighbourRatio ? 'neighbour' : null;
}

/** A look covers the time since the one before. */
function secondsTaken(look: Look, before: Look | undefined, turnMs: number): { second: number; because: RobbedBy }[] {
  const because = robber(look);
  if (because === null) return [];
  const first = Math.floor(((before?.atMs ?? look.atMs - 1_000) - turnMs + slackMs) / 1_000);
  const last = Math.ceil((look.atMs - turnMs - slackMs) / 1_000) - 1;
  return Array.from({ length: last - first + 1 }, (_, index) => ({ second: first + index, because }));
}

/** Seconds in which the sentinel, or a process of k6, was late for too long. */
function lateSeconds(lanes: LaneProbes[], waits: LateWait[], turnMs: number): number[] {
  const probes = new Map<number, { all: number; late: number }>();
  for (const { intendedUs, sentUs } of lanes)
    for (const [index, dueUs] of intendedUs.entries()) {
      const second = Math.floor((dueUs / 1_000 - turnMs) / 1_000);
      const count = probes.get(second) ?? { all: 0, late: 0 };
      probes.set(second, count);
      count.all += 1;
      if ((sentUs[index] as number) - dueUs > lateMs * 1_000) count.late += 1;
    }
  const waitedMs = new Map<number, number>();
  for (const { dueMs, endMs } of waits) addLateTime(waitedMs, dueMs - turnMs, endMs - turnMs - lateMs);
  return [
    ...[...probes].filter(([, { all, late }]) => late > all * maxLateShare),
    ...[...waitedMs].filter(([, ms]) => ms > maxLateShare * 1_000),
  ].map(([second]) => second);
}

/** Adds a stretch of time to the seconds that it lies in. What was due after `untilMs` was hardly late. */
function addLateTime(ms: Map<number, number>, fromMs: number, untilMs: number): void {
  for (let at = fromMs; at < untilMs; ) {
    const second = Math.floor(at / 1_000);
    const end = Math.min(untilMs, (second + 1) * 1_000);
    ms.set(second, (ms.get(second) ?? 0) + end - at);
    at = end;
  }
}
