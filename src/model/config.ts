import { z } from 'zod';
import {
  controlPlaneSchema,
  healthChecksSchema,
  loadNodesSchema,
  machinesSchema,
  pinnedImageSchema,
} from './cluster-settings.ts';
import { commandSchema } from './command.ts';
import { guardsSchema } from './guards.ts';
import { objectivesSchema } from './objectives.ts';
import { linesPattern } from './order-lines.ts';
import { profileSchema } from './profile.ts';
import { fill, type ShopRequest, type TrafficRequest } from './shop-request.ts';
import { stopConditionSchema } from './stop.ts';

/** The schema of tenfold.config.ts: a shop that is already up, and what can be drilled on it. docs/ATTACHED.md explains it. */

const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable');

/** k6 sends headers as UTF-8 and the sentinel as Latin-1, so only what is the same in both may be sent. */
export const sendableValue = /^[\t\x20-\x7e]*$/;
const unsendable = 'cannot be sent as a header: it may hold printable ASCII characters alone';

/** Secrets live in the environment; a config, and everything written from it, holds only their names. */
const secretSchema = z.strictObject({
  env: variableName,
  prefix: z.string().regex(sendableValue, unsendable).default(''),
});

const baseUrlSchema = z
  .url({ protocol: /^https?$/, error: 'must be a URL such as https://shop.example' })
  .refine(
    (text) => {
      const url = URL.parse(text);
      return url !== null && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
    },
    { error: 'must be scheme, host and port only: paths go to `paths`, credentials to a header with { env }' },
  )
  // Normalised: a trailing slash, an umlaut in its name or 127.1 would mean something else to k6.
  .overwrite((text) => URL.parse(text)?.origin ?? text);

/** The sender of a request writes these, each in its own way. */
const writtenBySender = /^(connection|content-length|expect|keep-alive|te|trailer|transfer-encoding|upgrade)$/;
const lowerCase = (headers: object): string[] => Object.keys(headers).map((name) => name.toLowerCase());
const headersSchema = z
  .record(z.string(), z.union([z.string().regex(sendableValue, unsendable), secretSchema]))
  .superRefine((headers, context) => {
    const names = lowerCase(headers);
    const tell = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message });
    names.forEach((name, index) => {
      if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) tell(name, 'is no name of a header');
      if (writtenBySender.test(name)) tell(name, 'is written by whoever sends the request: leave it out');
      if (names.indexOf(name) !== index) tell(name, 'is there twice');
    });
  });

/** A placeholder, or a character that a URL must encode. */
const placeholderOrOdd = /(\{(?:n:\d+|key)\})|[^\w.~!$&'()*+,;=:@/?%[\]-]/gu;
const encoded = (path: string): string =>
  path
    .toWellFormed()
    .replace(placeholderOrOdd, (found, placeholder?: string) => placeholder ?? encodeURIComponent(found));

/** Encoded here, once: k6 and the sentinel would each do it their own way. */
const pathToAskSchema = z
  .string()
  .startsWith('/', 'must start with /')
  .refine((path) => !path.includes('#'), {
    error: 'holds a #, after which nothing is sent: write %23 for the character',
  })
  .refine((path) => !/%(?![0-9a-f]{2})/i.test(path), {
    error: 'holds a % without two hex digits: write %25 for the character',
  })
  .overwrite(encoded);

/** A redirect is not a right answer: the time it takes to follow would be missing. */
const statusSchema = z.number().int().min(200).max(299);

const requestFields = {
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
  path: pathToAskSchema,
  headers: headersSchema.default({}),
  body: z.string().nullable().default(null),
  expectStatus: z.array(statusSchema).min(1).default([200]),
  expectText: z.string().default(''),
  /** By path: `'items.0.id': 5`. */
  expectJson: z.record(z.string().min(1), z.json()).default({}),
};

const probeSchema = onlyWhatIsDrawn(z.strictObject(requestFields));
const trafficRequestSchema = onlyWhatIsDrawn(
  z.strictObject({
    ...requestFields,
    weight: z.number().positive().default(1),
    order: z
      .union([
        z.boolean(),
        z.strictObject({
          /** What is ordered, in the form of the rows that are read back. */
          lines: z.string().min(1),
          /** A path in the answer. */
          totalCents: z.string().min(1).optional(),
        }),
      ])
      .default(false),
  }),
);

/** An expected number must also be sent. */
function onlyWhatIsDrawn<T extends z.ZodType<ShopRequest & { order?: TrafficRequest['order'] }>>(schema: T): T {
  return schema.superRefine(({ path, headers, body, expectText, expectJson, order }, context) => {
    const numbersIn = (...parts: unknown[]): string[] => JSON.stringify(parts).match(/\{n:\d+\}/g) ?? [];
    const drawn = numbersIn(path, headers, body);
    const lines = typeof order === 'object' ? order.lines : '';
    for (const number of numbersIn(expectText, expectJson, lines))
      if (!drawn.includes(number))
        context.addIssue({ code: 'custom', message: `${number} is expected, but nothing of the request draws it` });
    if (lines !== '' && !linesPattern.test(fill(lines, { number: () => 1, key: 'key' })))
      context.addIssue({ code: 'custom', path: ['order', 'lines'], message: 'must be lines such as {n:50}x1+40x2' });
  });
}

/** No drill takes longer; and from 24 days on Node's timers would fire at once. */
const aDayMs = 86_400_000;

const pathSchema = z.strictObject({
  /** The 99th percentile of shoppers' calls stays below it. */
  limitMs: z.number().positive().max(aDayMs),
  probe: probeSchema,
  /** What shoppers send; left out: the probe's request. */
  requests: z.array(trafficRequestSchema).min(1).optional(),
});

const hitSchema = z
  .strictObject({
    kind: z.string().min(1),
    which: z.string().min(1),
    count: z.number().int().positive(),
    of: z.number().int().positive(),
  })
  .refine(({ count, of }) => count <= of, { error: 'hits more than there are' });

const faultSchema = z.strictObject({
  summary: z.string().min(1),
  /** What the commands hit of each kind of resource; without it the blast radius is unknown. */
  hits: z.array(hitSchema).default([]),
  inject: commandSchema,
  /** Repeated until it succeeds or its time is up. */
  prove: commandSchema,
  undo: commandSchema,
  /** Repeated until it succeeds: then all is as before. Left out: once `prove` no longer succeeds. */
  restored: commandSchema.optional(),
  /** How long after the injection the fault is taken back, while the load is on; left out: once the load has ended. */
  lastsMs: z.number().int().positive().max(aDayMs).optional(),
});

const drillSchema = z.strictObject({
  title: z.string().min(1),
  why: z.string().min(1),
  /** null: the traffic alone. */
  fault: faultSchema.nullable(),
  /** Recovery time objectives; left out: measured, not judged. */
  recovery: z
    .strictObject({
      read: z.number().positive().max(aDayMs).optional(),
      write: z.number().positive().max(aDayMs).optional(),
      shop: z.number().positive().max(aDayMs).optional(),
    })
    .default({}),
  failures: objectivesSchema.shape.failures,
  /** Shares of orders that may stay unanswered or be rejected, where they differ from the usual ones. */
  orders: objectivesSchema.shape.orders,
  refusal: objectivesSchema.shape.refusal,
  minPeakMs: z.number().int().positive().max(aDayMs).optional(),
  minAfterFaultMs: z.number().int().positive().max(aDayMs).optional(),
});

const readBackTimeoutMs = z.number().int().min(100).max(120_000).default(10_000);
const ordersSchema = z.discriminatedUnion('from', [
  z.strictObject({
    from: z.literal('sql'),
    /** A connection string. */
    url: secretSchema,
    /** Returns key, order_id and created_at, and if possible lines and total_cents, of the orders whose key starts with $1. */
    query: z.string().regex(/\$1\b/, 'must use $1: what the keys of the run start with'),
    timeoutMs: readBackTimeoutMs,
  }),
  z.strictObject({
    from: z.literal('http'),
    /** Left out: the shop's own. */
    baseUrl: baseUrlSchema.optional(),
    /** `{key}` stands for the prefix of the run's keys. */
    path: z.string().startsWith('/', 'must start with /').includes('{key}', { error: 'must use {key}' }),
    headers: requestFields.headers,
    timeoutMs: readBackTimeoutMs,
  }),
]);

/** A cluster that the shop runs on, for faults that hit its nodes, pods and database. */
const clusterSchema = z.strictObject({
  /** Relative to the config; left out: KUBECONFIG, or ~/.kube/config. */
  kubeconfig: z.string().min(1).optional(),
  context: z.string().min(1),
  namespace: z.string().min(1),
  /** The labels of the pods that serve shoppers. */
  pods: z.record(z.string(), z.string()).refine((labels) => Object.keys(labels).length > 0, {
    error: 'must name a label at the least, such as { app: "shop" }',
  }),
  /** The name of a CloudNativePG cluster in the namespace. */
  cloudNativePg: z.string().min(1).optional(),
  /** The zone that drills of a zone take; left out: that of the primary of `cloudNativePg`. */
  zone: z.string().min(1).optional(),
  machines: machinesSchema.optional(),
  controlPlane: controlPlaneSchema.optional(),
  images: z
    .strictObject({
      /** For load from the cluster. */
      k6: pinnedImageSchema.optional(),
      k6Starter: pinnedImageSchema.optional(),
      /** To degrade the network of pods. */
      network: pinnedImageSchema.optional(),
      /** For a sentinel in a pod. */
      sentinel: pinnedImageSchema.optional(),
    })
    .optional(),
  loadNodes: loadNodesSchema.optional(),
  /** How much faster than production's the clocks of the cluster run. */
  timeScale: z.number().min(1).max(100).default(1),
  healthChecks: healthChecksSchema,
});

const everyMs = (ms: number) => z.number().int().min(5).max(1_000).default(ms);

export const configSchema = z
  .strictObject({
    baseUrl: baseUrlSchema,
    replicas: z
      .array(
        z.strictObject({
          name: z.string().regex(/^[\w.-]+$/, 'must be letters, digits, dots and dashes'),
          zone: z
            .string()
            .regex(/^[\w.-]*$/, 'must be letters, digits, dots and dashes')
            .default(''),
          baseUrl: baseUrlSchema,
        }),
      )
      .default([]),
    paths: z.strictObject({ read: pathSchema, write: pathSchema.optional() }),
    traffic: z.strictObject({
      /** Requests a second on an ordinary day; the profile says how long. */
      baselineRatePerSecond: profileSchema.shape.baselineRatePerSecond,
      peakFactor: profileSchema.shape.peakFactor.default(10),
      /** Share of the requests that write. */
      writeShare: z.number().gt(0).lt(1).default(0.05),
      /** A k6 script of your own, relative to the config. */
      script: z.string().min(1).optional(),
    }),
    /** Between two probes of a lane: the shorter, the more exact the recovery times, but the more load on the shop. */
    probing: z
      .strictObject({ pooledEveryMs: everyMs(10), newEveryMs: everyMs(40), replicaEveryMs: everyMs(50) })
      .prefault({}),
    /** How to read orders back; null: not at all, so nothing is said about lost orders. */
    orders: ordersSchema.nullable().default(null),
    /** The cluster that it runs on: docs/KUBERNETES.md. */
    cluster: clusterSchema.nullable().default(null),
    /** Prints which version of the shop is running: a readiness review is about that one alone. */
    version: commandSchema.optional(),
    /** What must hold before this shop is drilled: docs/SAFETY.md. */
    guards: guardsSchema.prefault({}),
    /** A PostgreSQL database whose advisory lock keeps drills from other machines apart. */
    sharedLock: z.strictObject({ env: variableName }).nullable().default(null),
    /** Ends a drill of this shop early, and undoes it: `error-ratio > 0.3`, or a number of your own. */
    stopWhen: z.array(stopConditionSchema).default([]),
    /** Environment variables that only commands and the k6 script use: they are not written down either. */
    secrets: z.array(variableName).default([]),
    errorBudget: objectivesSchema.shape.errorBudget.default({
      objective: 0.9995,
      windowDays: 30,
      maxBurnedRatio: 0.23,
    }),
    drills: z
      .record(z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be small letters, digits and dashes'), drillSchema)
      .default({}),
    /** Runbooks by the names of drills, relative to the config, instead of those that drills have: docs/RUNBOOKS.md. */
    runbooks: z.record(z.string(), z.string().min(1)).default({}),
  })
  .superRefine((config, context) => {
    const tell = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    const { baseUrl, paths, traffic, orders, drills, replicas } = config;
    const ordered = paths.write?.requests?.some(({ order }) => order !== false) ?? false;
    for (const [name, path] of Object.entries(paths)) {
      const requests = path === undefined ? [] : [path.probe, ...(path.requests ?? [])];
      const hasHost = requests.some(({ headers }) => lowerCase(headers).includes('host'));
      if (hasHost && baseUrl.startsWith('https:'))
        tell(
          ['paths', name],
          'a header Host makes k6 and the sentinel ask for certificates of different names: put it in baseUrl',
        );
    }
    if (paths.read.requests?.some(({ order }) => order !== false))
      tell(['paths', 'read', 'requests'], 'an order is a write: move it to paths.write');
    if (orders && !ordered && traffic.script === undefined)
      tell(['orders'], 'nothing is ordered: mark a request of paths.write with order: true, or leave orders out');
    for (const [name, { recovery, refusal }] of Object.entries(drills)) {
      if (paths.write) continue;
      if (recovery.write !== undefined) tell(['drills', name, 'recovery', 'write'], 'there is no paths.write to probe');
      if (refusal) tell(['drills', name, 'refusal'], 'there is no paths.write that could be refused');
    }
    const names = replicas.map(({ name }) => name);
    names.forEach((name, index) => {
      if (names.indexOf(name) !== index) tell(['replicas', index, 'name'], `${name} is there twice`);
    });
  });

/** A config with its defaults filled in. */
export type Config = z.infer<typeof configSchema>;
export type ConfigCluster = NonNullable<Config['cluster']>;
export type ConfigDrill = Config['drills'][string];
export type OrdersSource = NonNullable<Config['orders']>;
export type ConfigDefinition = z.input<typeof configSchema>;

/** Types a config; loading validates it and reports all problems at once. */
export const defineConfig = (config: ConfigDefinition): ConfigDefinition => config;
