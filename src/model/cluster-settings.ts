import { z } from 'zod';
import { commandSchema } from './command.ts';
import type { Missing } from './objectives.ts';

/** A fault is undone within a bounded time, so switching a machine takes at most two minutes. */
const powerSchema = commandSchema
  .extend({ timeoutMs: z.number().int().min(100).max(120_000) })
  .refine(({ argv }) => argv.slice(1).some((arg) => arg.includes('{node}')), {
    error: 'must name the node: one of the arguments holds {node}',
  });

/**
 * Switches the machine of a node off and on, and cuts it off the network, while it runs on, and joins it again: `{node}` stands for the
 * node's name.
 */
export const machinesSchema = z
  .strictObject({ off: powerSchema, on: powerSchema, cut: powerSchema.optional(), join: powerSchema.optional() })
  .refine(({ cut, join }) => (cut === undefined) === (join === undefined), {
    error: 'must have both cut and join, or neither: what is cut off has to be joined again',
  });
export type PowerCommands = z.infer<typeof machinesSchema>;

/** A fault is undone within a bounded time. */
const switchSchema = commandSchema.extend({ timeoutMs: z.number().int().min(100).max(120_000) });
/** Switches the API server off and on. */
export const controlPlaneSchema = z.strictObject({ off: switchSchema, on: switchSchema });
export type ControlPlaneCommands = z.infer<typeof controlPlaneSchema>;

/** Pinned: whatever is latest by the time of a drill is not what the drill was tried with. */
export const pinnedImageSchema = z
  .string()
  .min(1)
  .refine((image) => /(@sha256:|:(?!latest$)[\w.-]+$)/.test(image), {
    error: 'must have a tag other than latest, or a digest',
  });

/** The labels of the nodes on which k6 runs; left out: on any. */
export const loadNodesSchema = z.record(z.string().min(1), z.string());

/**
 * Whether what shoppers come through checks the health of pods itself, as a cloud's balancer with pods as its targets does. A Service
 * misses pods that are gone with their node once that is NotReady.
 */
export const healthChecksSchema = z.boolean().default(false);

export const missingOf = ({ healthChecks }: { healthChecks: boolean }): Missing =>
  healthChecks ? 'by-health-checks' : 'by-not-ready';

const settingsSchema = z.strictObject({
  /** Relative to the file; left out: KUBECONFIG, or ~/.kube/config. */
  kubeconfig: z.string().min(1).optional(),
  /** Named, never the current one: which cluster is drilled is no matter of what was typed last. */
  context: z.string().min(1),
  images: z
    .strictObject({
      /** What `npm run images` has built. */
      storefront: z.string().min(1),
      /** An operand image of CloudNativePG; left out: the manifest's. */
      postgres: z.string().min(1).optional(),
      /** Left out: the manifest's. */
      redis: z.string().min(1).optional(),
      /** k6, for load from the cluster: what `npm run images -- k6` has built, or grafana/k6. */
      k6: pinnedImageSchema.optional(),
      /** With k6-operator: of its starter; left out: the operator's default. */
      k6Starter: pinnedImageSchema.optional(),
      /** tc and iptables, to degrade the network of pods: what `npm run images -- network` has built. */
      network: pinnedImageSchema.optional(),
      /** For a sentinel in a pod: what `npm run images -- sentinel` has built. */
      sentinel: pinnedImageSchema.optional(),
    })
    .required({ storefront: true }),
  /** Whether the shop has a Redis; without it pods ask the database. */
  redis: z.boolean().default(true),
  /** Left out: the cluster's default one. */
  storageClass: z.string().min(1).optional(),
  /** By which address of the shop's service it is reached, `cluster-ip` where this machine has a route to it, or by an ingress. */
  reach: z.enum(['load-balancer', 'cluster-ip', 'ingress']).default('load-balancer'),
  /** For `reach: 'ingress'`. */
  ingress: z
    .strictObject({
      /** A name that leads to the ingress controller, from here. */
      host: z.hostname(),
      /** Left out: the cluster's default one. */
      className: z.string().min(1).optional(),
    })
    .optional(),
  healthChecks: healthChecksSchema,
  /** Where the shop is reached; left out: the address of its service. */
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .overwrite((text) => URL.parse(text)?.origin ?? text)
    .optional(),
  /** The port of the shop's service on every node, where `baseUrl` leads to one. */
  nodePort: z.number().int().min(1).max(65_535).optional(),
  /** Whether pods can be reached from here by their own addresses, as their probes need it. */
  podNetwork: z.boolean().default(false),
  /** How much faster than production's the cluster's clocks run, such as that of the node lease. */
  timeScale: z.number().min(1).max(100).default(1),
  /** The pods that run from the start where scaling is not what is drilled. */
  peakPods: z.number().int().min(2).max(20).default(6),
  /** The CPU that a pod of the shop requests, by which it is scaled; left out: the manifest's. */
  podCpu: z
    .string()
    .regex(/^(\d+m|\d+(\.\d+)?)$/, 'must be a quantity of CPU, such as 50m or 0.5')
    .optional(),
  machines: machinesSchema.optional(),
  controlPlane: controlPlaneSchema.optional(),
  loadNodes: loadNodesSchema.optional(),
});

/** The schema of tenfold.cluster.ts: a cluster on which the reference platform is stood up. docs/KUBERNETES.md explains it. */
export const clusterSettingsSchema = settingsSchema.refine(
  ({ reach, ingress }) => (reach === 'ingress') === (ingress !== undefined),
  { path: ['ingress'], error: "is needed with reach: 'ingress', and for nothing else" },
);

export type ClusterSettings = z.infer<typeof clusterSettingsSchema>;
export type ClusterDefinition = z.input<typeof clusterSettingsSchema>;

const cnpgManifest = 'https://github.com/cloudnative-pg/cloudnative-pg/releases/download/v1.29.0/cnpg-1.29.0.yaml';

/** The schema of a k3s that tenfold starts itself, in containers: what a cluster has without it, it needs not be told. */
export const k3sSettingsSchema = settingsSchema
  .omit({
    kubeconfig: true,
    context: true,
    reach: true,
    ingress: true,
    baseUrl: true,
    nodePort: true,
    podNetwork: true,
  })
  .extend({
    k3s: z.strictObject({
      /** As Docker pulls it. */
      image: z.string().min(1).default('rancher/k3s:v1.36.3-k3s1'),
      /** Containers that are nodes, in three zones; none where the image brings its own. */
      agents: z.union([z.literal(0), z.number().int().min(3).max(12)]).default(6),
      /** Of the containers, such as a proxy by which images are pulled. */
      environment: z.record(z.string(), z.string()).default({}),
      /** Images as docker-archives, relative to the file, for nodes that cannot pull. */
      archives: z.array(z.string().min(1)).default([]),
      /** What is applied before the shop: files, relative to this one, or URLs. */
      manifests: z.array(z.string().min(1)).default([cnpgManifest]),
    }),
    images: z
      .strictObject({
        /** Left out: built from the checkout. */
        storefront: z.string().min(1).optional(),
        postgres: z.string().min(1).optional(),
        redis: z.string().min(1).optional(),
        network: pinnedImageSchema.optional(),
      })
      .default({}),
  });

export type K3sSettings = z.infer<typeof k3sSettingsSchema>;
export type K3sDefinition = z.input<typeof k3sSettingsSchema>;

/** Types a cluster's settings; loading validates them and reports all problems at once. */
export const defineCluster = <D extends ClusterDefinition | K3sDefinition>(settings: D): D => settings;
