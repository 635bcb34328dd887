import { z } from 'zod';
import { commandSchema } from './command.ts';

/** A fault is undone within a bounded time, so switching a machine takes at most two minutes. */
const powerSchema = commandSchema
  .extend({ timeoutMs: z.number().int().min(100).max(120_000) })
  .refine(({ argv }) => argv.slice(1).some((arg) => arg.includes('{node}')), {
    error: 'must name the node: one of the arguments holds {node}',
  });

/** Switches the machine of a node off and on: `{node}` stands for the node's name. */
export const machinesSchema = z.strictObject({ off: powerSchema, on: powerSchema });
export type PowerCommands = z.infer<typeof machinesSchema>;

/** Pinned: whatever is latest by the time of a drill is not what the drill was tried with. */
export const k6ImageSchema = z
  .string()
  .min(1)
  .refine((image) => /(@sha256:|:(?!latest$)[\w.-]+$)/.test(image), {
    error: 'must have a tag other than latest, or a digest',
  });

/** The labels of the nodes on which k6 runs; left out: on any. */
export const loadNodesSchema = z.record(z.string().min(1), z.string());

/** The schema of tenfold.cluster.ts: a cluster on which the reference platform is stood up. docs/KUBERNETES.md explains it. */
export const clusterSettingsSchema = z.strictObject({
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
      /** k6, for load from the cluster: what `npm run images -- k6` has built, or grafana/k6. */
      k6: k6ImageSchema.optional(),
      /** With k6-operator: of its starter; left out: the operator's default. */
      k6Starter: k6ImageSchema.optional(),
    })
    .required({ storefront: true }),
  /** Left out: the cluster's default one. */
  storageClass: z.string().min(1).optional(),
  /** By which address of the shop's service it is reached: `cluster-ip` where this machine has a route to it. */
  reach: z.enum(['load-balancer', 'cluster-ip']).default('load-balancer'),
  /** Where the shop is reached; left out: the address of its service. */
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .overwrite((text) => URL.parse(text)?.origin ?? text)
    .optional(),
  /** Whether pods can be reached from here by their own addresses, as their probes need it. */
  podNetwork: z.boolean().default(false),
  /** How much faster than production's the cluster's clocks run, such as that of the node lease. */
  timeScale: z.number().min(1).max(100).default(1),
  /** The pods that run from the start where scaling is not what is drilled. */
  peakPods: z.number().int().min(2).max(20).default(6),
  machines: machinesSchema.optional(),
  loadNodes: loadNodesSchema.optional(),
});

export type ClusterSettings = z.infer<typeof clusterSettingsSchema>;
export type ClusterDefinition = z.input<typeof clusterSettingsSchema>;

/** Types a cluster's settings; loading validates them and reports all problems at once. */
export const defineCluster = (settings: ClusterDefinition): ClusterDefinition => settings;
