import type { Instance } from '../machines.ts';
import type { Controller } from './controller.ts';
import type { Fleet } from './fleet.ts';
import type { PodView } from './pod-record.ts';

/** What the region is made of at this moment: GET /inventory. */
export interface Inventory {
  zones: string[];
  nodes: {
    name: string;
    zone: string;
    group: string;
    capacity: Instance['capacity'];
    ready: boolean;
    instanceId: string;
    instanceArn: string;
    state: Instance['state'];
  }[];
  wantedNodes: number;
  pods: Pick<PodView, 'name' | 'node' | 'zone' | 'ready' | 'baseUrl' | 'restarts' | 'cpuRatio'>[];
  /** What autoscaling wants. */
  wantedPods: number;
  /** The most that it may want; null without it. */
  maxPods: number | null;
  subnets: { zone: string; arn: string }[];
  clusterArn: string;
}

/**
 * What there is now, without terminated instances. A node whose instance does not run, and a pod on it, is not ready,
 * even if the controller has not noticed yet.
 */
export function inventoryOf(fleet: Fleet, controller: Controller, clusterArn: string): Inventory {
  const running = new Set(fleet.instances().flatMap(({ node, state }) => (state === 'running' ? [node] : [])));
  const ready = new Set(
    controller.nodes().flatMap((node) => (node.ready && running.has(node.name) ? [node.name] : [])),
  );
  const subnets = fleet.subnets();
  return {
    zones: fleet.zones(),
    nodes: fleet
      .instances()
      .filter(({ state }) => state !== 'terminated')
      .map(({ node: name, zone, group, capacity, state, instanceId, arn: instanceArn }) => {
        return { name, zone, group, capacity, ready: ready.has(name), instanceId, instanceArn, state };
      }),
    wantedNodes: fleet.wantedNodes,
    pods: controller.pods().map(({ name, node, zone, baseUrl, restarts, cpuRatio, ready: saidReady }) => {
      return { name, node, zone, ready: saidReady && ready.has(node), baseUrl, restarts, cpuRatio };
    }),
    wantedPods: controller.wantedPods,
    maxPods: controller.maxPods,
    subnets: subnets.map(({ zone, arn }) => ({ zone, arn })),
    clusterArn,
  };
}
