import { k6Metrics, type Observation } from '../model/evidence.ts';
import type { HostFacts, LoadStepFact, StepCalls, StepPathFact, StepPodsFact, StepPoolFact } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { pathsTaken } from '../model/profile.ts';
import { mean, median } from '../statistics/rank-test.ts';
import type { Row } from './database.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { type LaneProbes, lowerBound, wallUs } from './lane-probes.ts';
import { failedUs, percentileOf } from './latency.ts';
import { limitOf } from './limits.ts';
import { markAt, type ObservationOf, ofKind } from './observations.ts';
import { takenSeconds } from './robbed-seconds.ts';

/** A step, with where it stands among the steps. */
interface Span {
  index: number;
  step: ObservationOf<'load-step'>;
}

/** Each step of the load that was held to its end, from its calls, and from what was seen of host, pods and pools meanwhile. */
export async function stepFacts(
  store: EvidenceStore,
  observations: Observation[],
  lanes: LaneProbes[],
  plan: Plan,
  host: HostFacts,
): Promise<LoadStepFact[]> {
  const loadEndMs = markAt(observations, 'load-end') ?? -Infinity;
  const held = ofKind(observations, 'load-step').filter(({ untilMs }) => untilMs <= loadEndMs);
  if (held.length === 0) return [];
  await store.run(
    `CREATE TEMP TABLE steps AS SELECT * FROM (VALUES ${held
      .map(({ atMs, untilMs }, index) => `(${index}, ${us(atMs)}, ${us(untilMs)})`)
      .join(', ')}) AS t(step, from_us, to_us)`,
  );
  const flows = await flowOf(store);
  const samples = await samplesOf(store);
  const walls = await wallsOf(store);
  const seconds = await secondsOf(store);
  const of = (rows: Row[], { index }: Span) => rows.filter(({ step }) => Number(step) === index);
  return held.map((step, index) => {
    const span = { index, step };
    const [flow] = of(flows, span);
    const [sample] = of(samples, span);
    const lengthS = (step.untilMs - step.atMs) / 1_000;
    const looks = ofKind(observations, 'host').filter(({ atMs }) => atMs > step.atMs && atMs <= step.untilMs);
    const robbedSeconds = robbedIn(step, takenSeconds(host.robbed));
    return {
      factor: step.factor,
      plannedPerSecond: step.ratePerSecond,
      seconds: lengthS,
      startedPerSecond: Number(flow?.started ?? 0) / lengthS,
      servedPerSecond: Number(flow?.served ?? 0) / lengthS,
      inFlight: Number(flow?.in_flight ?? 0),
      paths: pathFacts(plan, of(walls, span), of(seconds, span), { lengthS, robbedSeconds }),
      dropped: Number(sample?.dropped ?? 0),
      unsent: Number(sample?.unsent ?? 0),
      generatorLateP99Ms: sample?.late_p99_ms == null ? null : Number(sample.late_p99_ms),
      robbedSeconds,
      busyRatio: meanOf(looks.map(({ busyRatio }) => busyRatio)),
      neighbourRatio: meanOf(looks.map(({ neighbourRatio = null }) => neighbourRatio)),
      isShopHere: host.neighbourRatio !== null,
      pods: podsIn(step, observations),
      pools: poolsIn(step, observations),
      probes: probesIn(step, lanes),
    };
  });
}

/** Of those that are known. */
function meanOf(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : mean(known);
}

const us = (ms: number): number => Math.round(ms * 1_000);

/** How much was sent and served, and how many calls were open at once: the time that they were, over that of the step. */
const flowOf = (store: EvidenceStore): Promise<Row[]> =>
  store.rows(`SELECT step, count(*) FILTER (first_try AND start_us >= from_us)::DOUBLE AS started,
      count(*) FILTER (NOT failed AND end_us >= from_us AND end_us < to_us)::DOUBLE AS served,
      (sum(least(end_us, to_us) - greatest(start_us, from_us)) / any_value(to_us - from_us))::DOUBLE AS in_flight
    FROM steps JOIN calls ON end_us >= from_us AND start_us < to_us GROUP BY step`);

const samplesOf = (store: EvidenceStore): Promise<Row[]> =>
  store.rows(`SELECT step, coalesce(sum(value) FILTER (metric = 'dropped_iterations'), 0)::DOUBLE AS dropped,
      count(*) FILTER (metric = '${k6Metrics.call}')::DOUBLE AS unsent,
      quantile_disc(value, 0.99) FILTER (metric = '${k6Metrics.generatorLate}') AS late_p99_ms
    FROM steps JOIN samples ON end_us >= from_us AND end_us < to_us GROUP BY step`);

const wallsOf = (store: EvidenceStore): Promise<Row[]> =>
  store.rows(`SELECT step, path, quantile_disc(CASE WHEN failed THEN ${failedUs} ELSE wall_us END, 0.99)::DOUBLE AS p99_us
    FROM steps JOIN calls ON start_us >= from_us AND start_us < to_us GROUP BY step, path`);

const secondsOf = (store: EvidenceStore): Promise<Row[]> =>
  store.rows(`SELECT step, path, robbed, count(*)::DOUBLE AS calls, count(*) FILTER (bad)::DOUBLE AS bad,
      count(*) FILTER (bad AND late)::DOUBLE AS late_bad
    FROM steps JOIN calls ON start_us >= from_us AND start_us < to_us
    GROUP BY step, path, robbed, start_second ORDER BY step, path, start_second`);

function pathFacts(
  plan: Plan,
  walls: Row[],
  seconds: Row[],
  { lengthS, robbedSeconds }: { lengthS: number; robbedSeconds: number },
): StepPathFact[] {
  return pathsTaken(plan.checkoutShare).flatMap((path) => {
    const limitMs = limitOf(plan, path);
    if (limitMs === null) return [];
    const ofPath = seconds.filter((row) => row.path === path);
    const p99Us = walls.find((row) => row.path === path)?.p99_us;
    return {
      path,
      limitMs,
      p99Ms: percentileOf(p99Us == null ? null : Number(p99Us)),
      all: callsOf(ofPath, lengthS),
      rest: callsOf(
        ofPath.filter(({ robbed }) => robbed !== true),
        lengthS - robbedSeconds,
      ),
    };
  });
}

function callsOf(rows: Row[], seconds: number): StepCalls {
  const sumOf = (column: string) => rows.reduce((sum, row) => sum + Number(row[column]), 0);
  const badBySecond = rows.map(({ bad }) => Number(bad)).filter((bad) => bad > 0);
  return { count: sumOf('calls'), badBySecond, seconds: Math.max(0, seconds), lateBad: sumOf('late_bad') };
}

const robbedIn = ({ atMs, untilMs }: Span['step'], robbedSeconds: number[]): number =>
  robbedSeconds.reduce((sum, ms) => sum + Math.max(0, Math.min(untilMs, ms + 1_000) - Math.max(atMs, ms)) / 1_000, 0);

function podsIn({ atMs, untilMs }: Span['step'], observations: Observation[]): StepPodsFact | null {
  const looks = ofKind(observations, 'inventory').filter((look) => look.atMs >= atMs && look.atMs <= untilMs);
  const last = looks.at(-1);
  if (last === undefined) return null;
  const ready = last.pods.filter((pod) => pod.ready);
  const counts = looks.map(({ podsReady }) => podsReady);
  return {
    least: Math.min(...counts),
    most: Math.max(...counts),
    byZone: counted(ready.map(({ zone = '' }) => zone)),
    mostOnANode: Math.max(0, ...Object.values(counted(ready.map(({ node }) => node)))),
    cpuRatio: meanOf(looks.map(({ cpuRatio }) => cpuRatio)),
  };
}

const counted = (names: string[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));

type Reading = ObservationOf<'pools'>['pools'][number] & { atMs: number };

/** What each pool counted between its first and its last reading in the step. */
function poolsIn({ atMs, untilMs }: Span['step'], observations: Observation[]): StepPoolFact[] | null {
  const readings = ofKind(observations, 'pools')
    .filter((look) => look.atMs >= atMs && look.atMs <= untilMs)
    .flatMap((look) => look.pools.map((pool): Reading => ({ ...pool, atMs: look.atMs })));
  const pools = [...Map.groupBy(readings, ({ replica, role }) => `${role} ${replica}`).values()].flatMap(growthOf);
  if (pools.length === 0) return null;
  return [...Map.groupBy(pools, ({ role }) => role)].map(([role, same]) => {
    const sumOf = (read: (pool: Growth) => number) => same.reduce((sum, pool) => sum + read(pool), 0);
    const uses = sumOf((pool) => pool.uses);
    return {
      role,
      connections: sumOf(({ connections }) => connections),
      usesPerSecond: sumOf((pool) => pool.uses / pool.seconds),
      holdMs: uses === 0 ? 0 : (1_000 * sumOf(({ holdSeconds }) => holdSeconds)) / uses,
      waitMs: uses === 0 ? 0 : (1_000 * sumOf(({ waitSeconds }) => waitSeconds)) / uses,
      inUse: sumOf(({ holdSeconds, seconds }) => holdSeconds / seconds),
    };
  });
}

type Growth = Omit<Reading, 'replica' | 'atMs'> & { seconds: number };

/** Of one pool; nothing where it was read only once, or its replica has started anew. */
function growthOf(readings: Reading[]): Growth[] {
  const [first, last] = [readings[0], readings.at(-1)];
  if (first === undefined || last === undefined || last.atMs <= first.atMs || last.uses < first.uses) return [];
  return [
    {
      role: last.role,
      connections: last.connections,
      uses: last.uses - first.uses,
      holdSeconds: last.holdSeconds - first.holdSeconds,
      waitSeconds: last.waitSeconds - first.waitSeconds,
      seconds: (last.atMs - first.atMs) / 1_000,
    },
  ];
}

/** The same probe through the edge and around it. */
function probesIn({ atMs, untilMs }: Span['step'], lanes: LaneProbes[]): LoadStepFact['probes'] {
  const around = lanes.filter(({ via }) => via === 'replica');
  const through = lanes.filter(
    ({ via, path, connection }) =>
      via === 'edge' && around.some((lane) => lane.path === path && lane.connection === connection),
  );
  const medianMs = (of: LaneProbes[]) =>
    median(of.flatMap((lane) => wallsBetween(lane, us(atMs), us(untilMs)))) / 1_000;
  const [throughEdgeMs, aroundEdgeMs] = [medianMs(through), medianMs(around)];
  return Number.isNaN(throughEdgeMs) || Number.isNaN(aroundEdgeMs) ? null : { throughEdgeMs, aroundEdgeMs };
}

/** Of the probes that were answered rightly. */
function wallsBetween(lane: LaneProbes, fromUs: number, toUs: number): number[] {
  const [first, last] = [lowerBound(lane.intendedUs, fromUs), lowerBound(lane.intendedUs, toUs)];
  const indices = Array.from({ length: last - first }, (_, index) => first + index);
  return indices.filter((at) => !lane.failed[at]).map((at) => wallUs(lane, at));
}
