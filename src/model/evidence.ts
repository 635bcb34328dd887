import { z } from 'zod';
import { capacityTypes, orderScopes, podEndCauses } from './facets.ts';
import { phases } from './objectives.ts';
import { latencyPaths } from './profile.ts';
import { replicaSteps } from './sightings.ts';
import { environmentSchema, runStatuses } from './verdict.ts';

/** Files below a run's `evidence/` folder. */
export const evidenceFiles = {
  /** One Observation per line. */
  observations: 'observations.ndjson',
  /** k6's CSV output: every sample of every request. */
  requests: 'k6.csv.gz',
  /** The samples of `requests` that are judged, in columns. The manifest says which file they were made from. */
  columnar: 'k6.parquet',
  /** One probe per row, see probeColumns. */
  probes: 'probes.csv.gz',
  /** Orders as the database holds them after the drill, see orderColumns. */
  orders: 'orders.csv.gz',
  /** One Tick per line: who did which step of the runbook, and when. Not there where nobody did any. */
  ticks: 'runbook.ndjson',
  manifest: 'manifest.json',
} as const;

/**
 * Custom metrics of the traffic script in k6's CSV (metric_name, timestamp in microseconds, metric_value, extra_tags as
 * k=v&k=v, metadata as k=v&k=v). A timestamp marks the end of what it describes.
 */
export const k6Metrics = {
  /** Once, before the first planned request: value = epoch ms at which the schedule starts. */
  scheduleStart: 'tenfold_schedule_start',
  /**
   * One per call, retries counted separately: value = wall time in ms. Tags: op (Operation), result (ok | failed |
   * unsent: it never left k6's machine), error_code, attempt, probed (no: the sentinel does not send this request; else
   * left out).
   */
  call: 'tenfold_call',
  /**
   * One before each order is first sent. Metadata: key, asked (lines, see order-lines.ts; left out where the script
   * does not report them).
   */
  orderAttempt: 'tenfold_order_attempt',
  /**
   * One after the last try of an order. Tag: result (acknowledged | rejected | indeterminate). Metadata: key, and what the
   * acknowledging answer reported, if it did: lines, cents (the total), answer=wrong (it was not right).
   */
  orderOutcome: 'tenfold_order_outcome',
  /**
   * One whenever a shopper looks for what the shop should remember about them. Tag: result (kept | lost | unanswered).
   * Metadata: key (whose session).
   */
  session: 'tenfold_session',
  /** Fifty per second, where the script reports it: value = ms by which one of k6's own waits took too long. */
  generatorLate: 'tenfold_generator_late',
} as const;

/**
 * A probe: keyed by when it should have been sent. Instants are epoch microseconds.
 * via: edge | replica. connection: pooled | new. path: read | write. error: empty when the answer was right.
 */
export const probeColumns = [
  'lane',
  'path',
  'via',
  'replica',
  'zone',
  'connection',
  'intended_us',
  'sent_us',
  'end_us',
  'status',
  'error',
] as const;

/**
 * An order row as read back. created_us is the database's commit clock in epoch microseconds. lines (as in
 * order-lines.ts, `none` without any) and total_cents are empty where the platform does not report them; older evidence
 * lacks them.
 */
export const orderColumns = ['key', 'order_id', 'created_us', 'lines', 'total_cents'] as const;

/** Epoch ms, within the range of a Date. */
const at = { atMs: z.number().min(-8e15).max(8e15) };
const text = z.string();

/** Calls of a path that ended since the last progress. What is judged are the calls themselves. */
const pathProgressSchema = z.strictObject({
  path: z.enum(latencyPaths),
  calls: z.number(),
  failed: z.number(),
  p99Ms: z.number().nullable(),
  /** A retry is not an event of the error budget: first tries, and those of them that failed or outran the path's limit. */
  tries: z.number(),
  badTries: z.number(),
});
export type PathProgress = z.infer<typeof pathProgressSchema>;

/** Everything that happens in a run, in one stream with one emit. */
export const observationSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('run-started'),
    ...at,
    drill: text,
    runId: text,
    target: text,
    profile: text,
    command: text,
    environment: environmentSchema,
  }),
  /** Once the platform is up and its versions are known; replaces the environment of run-started. */
  z.strictObject({ kind: z.literal('environment'), ...at, environment: environmentSchema }),
  z.strictObject({
    kind: z.literal('step'),
    ...at,
    step: text,
    state: z.enum(['started', 'finished', 'failed']),
    message: text.optional(),
  }),
  /** An instant of the traffic schedule. */
  z.strictObject({
    kind: z.literal('mark'),
    ...at,
    mark: z.enum(['baseline-start', 'ramp-start', 'peak-start', 'peak-proven', 'back-start', 'load-end']),
  }),
  /** A step of a load in several begins: planned to be held at a rate until then. */
  z.strictObject({
    kind: z.literal('load-step'),
    ...at,
    untilMs: z.number(),
    factor: z.number(),
    ratePerSecond: z.number(),
  }),
  /** What the pools of connections to the database have counted, in each replica that answered. */
  z.strictObject({
    kind: z.literal('pools'),
    ...at,
    pools: z.array(
      z.strictObject({
        replica: text,
        role: text,
        connections: z.number(),
        uses: z.number(),
        holdSeconds: z.number(),
        waitSeconds: z.number(),
      }),
    ),
  }),
  /** A promise of this phase was still undecided at its planned end, so the drill looks longer. */
  z.strictObject({ kind: z.literal('held-on'), ...at, phase: z.enum(phases), because: text }),
  /** What the sentinel was told to probe, and which replicas it probes around the edge; older evidence lacks those. */
  z.strictObject({
    kind: z.literal('lanes'),
    ...at,
    lanes: z.array(text),
    replicas: z.array(z.strictObject({ lane: text, replica: text, zone: text })).optional(),
  }),
  /** The probes of a second, by lane, as the sentinel counted them. What is judged are the probes themselves. */
  z.strictObject({
    kind: z.literal('probes'),
    ...at,
    lanes: z.record(text, z.strictObject({ good: z.number(), failed: z.number() })),
  }),
  z.strictObject({
    kind: z.literal('load-progress'),
    ...at,
    ratePerSecond: z.number(),
    errorsPerSecond: z.number(),
    p99Ms: z.number().nullable(),
    dropped: z.number(),
    /** The same by path, for those who watch; older evidence lacks it. */
    paths: z.array(pathProgressSchema).optional(),
  }),
  z.strictObject({
    kind: z.literal('fault'),
    ...at,
    fault: text,
    state: z.enum(['injecting', 'injected', 'proven', 'not-proven', 'reverted']),
    detail: text.optional(),
  }),
  /** The platform's own account. atMs is the platform's clock; the messages drive the phases of a failover. */
  z.strictObject({ kind: z.literal('platform-event'), ...at, source: text, message: text }),
  z.strictObject({
    kind: z.literal('host'),
    ...at,
    cpuCount: z.number().int().optional(),
    busyRatio: z.number().nullable(),
    stealRatio: z.number().nullable(),
    cpuPressureRatio: z.number().nullable(),
    /** Who used the CPU, as shares of all CPU time: the instruments, the platform, and everybody else. */
    instrumentRatio: z.number().nullable().optional(),
    platformRatio: z.number().nullable().optional(),
    neighbourRatio: z.number().nullable().optional(),
    /** The system's clock minus atMs, which never steps. */
    clockOffsetMs: z.number().optional(),
  }),
  /** The platform's capacity, twice a second while the load is on. */
  z.strictObject({
    kind: z.literal('inventory'),
    ...at,
    nodesReady: z.number().int(),
    nodesWanted: z.number().int(),
    podsReady: z.number().int(),
    podsWanted: z.number().int(),
    podsMax: z.number().int().nullable().optional(),
    /** Mean CPU use of the ready pods, as a share of what they request. */
    cpuRatio: z.number().nullable(),
    /** Older evidence lacks the zone, and of what kind the node is. */
    pods: z.array(
      z.strictObject({
        name: text,
        node: text,
        zone: text.optional(),
        capacity: z.enum(capacityTypes).optional(),
        ready: z.boolean(),
      }),
    ),
  }),
  z.strictObject({
    kind: z.literal('pod-end'),
    ...at,
    pod: text,
    node: text,
    capacity: z.enum(capacityTypes),
    cause: z.enum(podEndCauses),
    because: text,
  }),
  /** The platform was asked how pods ended, after the load: `pod-end` reports this many. */
  z.strictObject({ kind: z.literal('pod-ends-read'), ...at, count: z.number().int() }),
  /** A step on a replica's way to serving, or to its end: see Sighting. */
  z.strictObject({
    kind: z.literal('sighting'),
    ...at,
    step: z.enum(replicaSteps),
    of: text,
    node: text.nullable(),
    source: text,
    toldMs: z.number().nullable(),
  }),
  /** The platform told of its nodes and pods again, or the load ended: nothing had been heard of it for a while. */
  z.strictObject({ kind: z.literal('unheard'), ...at, sinceMs: z.number() }),
  /** Which orders were read back: all that came since the run started, or only those with the run's keys. */
  z.strictObject({ kind: z.literal('orders-read'), ...at, scope: z.enum(orderScopes) }),
  z.strictObject({
    kind: z.literal('load-finished'),
    ...at,
    exitCode: z.number().nullable(),
    version: text,
    availableVus: z.number(),
  }),
  /** A pod that runs k6, in the order of the runners. */
  z.strictObject({ kind: z.literal('load-pod'), ...at, pod: text, node: text, zone: text }),
  /** A pod's clock minus ours, give or take; measured before the load and at its end. */
  z.strictObject({
    kind: z.literal('load-clock'),
    ...at,
    pod: text,
    offsetMs: z.number(),
    uncertaintyMs: z.number(),
  }),
  /** lost: it did not run to the end of the load, or not all of its evidence is here, which reaches until lastSampleMs. */
  z.strictObject({
    kind: z.literal('load-pod-end'),
    ...at,
    pod: text,
    exitCode: z.number().nullable(),
    because: text,
    lost: z.boolean(),
    lastSampleMs: z.number().nullable(),
  }),
  /** The pod in which the sentinel runs; its clock is among those of `load-clock`. */
  z.strictObject({ kind: z.literal('sentinel-pod'), ...at, pod: text, node: text, zone: text }),
  /**
   * lost: it was not heard to its end, and maybe because its node was lost, in words. missing: probes and ticks that never came, of those
   * before the last one that did, which was sent at lastSentMs by its clock.
   */
  z.strictObject({
    kind: z.literal('sentinel-pod-end'),
    ...at,
    pod: text,
    because: text,
    lost: z.boolean(),
    nodeLost: text.nullable(),
    missing: z.number().int(),
    lastSentMs: z.number().nullable(),
  }),
  z.strictObject({
    kind: z.literal('problem'),
    ...at,
    about: z.enum(['load', 'latency', 'recovery', 'orders', 'host', 'capacity', 'evidence']),
    message: text,
  }),
  /** A condition was met that ends the drill early: what it was, and what it said. */
  z.strictObject({ kind: z.literal('stop'), ...at, because: text }),
  z.strictObject({ kind: z.literal('run-finished'), ...at, status: z.enum(runStatuses), reason: text.nullable() }),
]);
export type Observation = z.infer<typeof observationSchema>;
export type Emit = (observation: Observation) => void;
