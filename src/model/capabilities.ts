import type { FacetName } from './facets.ts';

/** Something a drill may need a platform to do or show, and the facet that does it; null: part of standing the platform up. */
export const capabilities = {
  'database-failover': {
    facet: 'database',
    what: 'a database of a writer and at least one reader that can be told to fail over',
  },
  'order-readback': { facet: 'orders', what: 'a way to read orders back from the database' },
  'replica-probes': { facet: 'replicas', what: "addresses of the shop's replicas, to probe them around the balancer" },
  'protection-switches': {
    facet: null,
    what: 'protections that can be switched off, to prove that a drill can fail',
  },
  fis: { facet: 'aws', what: 'an AWS FIS endpoint that can break the nodes, zones and database of the shop' },
  'node-inventory': { facet: 'cluster', what: "the shop's nodes and pods with their groups, zones and CPU use" },
  'machine-power': { facet: 'machines', what: 'commands that switch the machines of nodes off and on' },
  'machine-network': {
    facet: 'machineLinks',
    what: 'commands that cut the machines of nodes off the network and join them again',
  },
  'control-plane-power': {
    facet: 'controlPlane',
    what: 'commands that switch the API server of the cluster off and on',
  },
  'kubernetes-api': { facet: 'kubernetes', what: 'the API of Kubernetes, to evict pods and to cordon nodes' },
  'workload-changes': {
    facet: 'workloads',
    what: 'deployments that the API of Kubernetes can change, to roll out a bad revision',
  },
  'network-policies': {
    facet: 'network',
    what: 'a CloudNativePG cluster on Kubernetes, from which a NetworkPolicy can keep the shop',
  },
  'chaos-mesh': { facet: 'chaosMesh', what: 'Chaos Mesh on the cluster, by its API chaos-mesh.org/v1alpha1' },
  litmus: { facet: 'litmus', what: 'LitmusChaos on the cluster of your own shop, by its API litmuschaos.io/v1alpha1' },
  'traffic-shaping': {
    facet: 'shaping',
    what: "an image with tc and iptables, by which pods' packets are slowed down or lost (images.network)",
  },
  autoscaling: { facet: 'cluster', what: 'pods that are added and taken away with the load' },
  'cluster-load': { facet: 'load', what: 'pods that run k6, for load beyond one machine' },
  'cluster-sentinel': { facet: 'sentinel', what: 'a pod in which the sentinel can run' },
  'spot-nodes': { facet: 'cluster', what: 'a group of spot nodes' },
} as const satisfies Record<string, { facet: FacetName | null; what: string }>;
export type Capability = keyof typeof capabilities;

/** The facets that the given capabilities belong to. */
export type FacetOf<C extends Capability> = Extract<(typeof capabilities)[C]['facet'], FacetName>;
