import { z } from 'zod';
import { commandSchema } from './command.ts';

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
    })
    .required({ storefront: true }),
  /** Left out: the cluster's default one. */
  storageClass: z.string().min(1).optional(),
  /** Where the shop is reached; left out: the address of its LoadBalancer service. */
  baseUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Whether pods can be reached from here by their own addresses, as their probes need it. */
  podNetwork: z.boolean().default(false),
  /** How much faster than production's the cluster's clocks run, such as that of the node lease. */
  timeScale: z.number().min(1).max(100).default(1),
  /** The pods that run from the start where scaling is not what is drilled. */
  peakPods: z.number().int().min(2).max(20).default(6),
  /** Switches the machine of a node off and on: `{node}` stands for the node's name. */
  machines: z.strictObject({ off: commandSchema, on: commandSchema }).optional(),
});

export type ClusterSettings = z.infer<typeof clusterSettingsSchema>;
export type ClusterDefinition = z.input<typeof clusterSettingsSchema>;

/** Types a cluster's settings; loading validates them and reports all problems at once. */
export const defineCluster = (settings: ClusterDefinition): ClusterDefinition => settings;
