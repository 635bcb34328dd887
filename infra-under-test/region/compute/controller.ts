import { randomInt } from 'node:crypto';
import { scaled } from '../constants.ts';
import type { Assignment, Heartbeat, PodSpec, PodStatus } from './protocol.ts';
import { schedule } from './schedule.ts';

export interface ControllerOptions {
  event: (source: 'node' | 'pod', message: string) => void;
  /** Milliseconds that only grow. */
  now?: () => number;
}

/** A node as the controller knows it. */
export interface NodeView {
  name: string;
  zone: string;
  ready: boolean;
}

/** A pod as the controller knows it. baseUrl: null while it does not listen. */
export interface PodView {
  name: string;
  zone: string;
  node: string;
  baseUrl: string | null;
  ready: boolean;
  phase: PodStatus['phase'] | 'pending';
  restarts: number;
  lastExit: string | null;
}

interface NodeRecord extends NodeView {
  heartbeatMs: number;
}

interface PodRecord {
  name: string;
  node: string;
  status: PodStatus | null;
  /** The port on which it was ready: it stays a target of the edge, which judges it from then on, until it goes. */
  registeredPort: number | null;
}

/** What is to run and how to run it. */
export interface Deployment {
  replicas: number;
  spec: (pod: { name: string; zone: string }) => PodSpec;
}

/** Keeps as many pods on ready nodes as the deployment wants. Knows nodes by their heartbeats alone. */
export class Controller {
  readonly #event: ControllerOptions['event'];
  readonly #now: () => number;
  readonly #nodes = new Map<string, NodeRecord>();
  #pods: PodRecord[] = [];
  #deployment: Deployment | null = null;
  #lastTickMs: number;

  constructor({ event, now = () => performance.now() }: ControllerOptions) {
    this.#event = event;
    this.#now = now;
    this.#lastTickMs = now();
  }

  /** Nothing is placed before this. */
  deploy(deployment: Deployment): void {
    this.#deployment = deployment;
    this.#reconcile();
  }

  /** Takes a node's heartbeat, which makes it known and ready; answers with the pods that it shall run. */
  heartbeat({ node: name, zone, pods }: Heartbeat): Assignment {
    const wasReady = this.#nodes.get(name)?.ready ?? false;
    this.#nodes.set(name, { name, zone, ready: true, heartbeatMs: this.#now() });
    if (!wasReady) {
      this.#event('node', `${name} Ready`);
      this.#reconcile();
    }
    const reported = new Map(pods.map((status) => [status.name, status]));
    const assigned = this.#pods.filter((pod) => pod.node === name);
    for (const pod of assigned) this.#observe(pod, reported.get(pod.name) ?? null);
    const { spec } = this.#deployment ?? {};
    return { pods: spec ? assigned.map((pod) => spec({ name: pod.name, zone })) : [] };
  }

  /** Judges the nodes by the time since their last heartbeat. Call it every `controllerTickMs`. */
  tick(): void {
    const nowMs = this.#now();
    this.#forgiveOwnAbsence(nowMs - this.#lastTickMs);
    this.#lastTickMs = nowMs;
    const silent = [...this.#nodes.values()].filter(
      ({ ready, heartbeatMs }) => ready && nowMs - heartbeatMs > scaled.nodeGrace.ms,
    );
    for (const node of silent) {
      node.ready = false;
      this.#event('node', `${node.name} NotReady: no heartbeat for ${Math.round(nowMs - node.heartbeatMs)} ms`);
    }
    if (silent.length > 0) this.#reconcile();
  }

  /** While we did not run, no heartbeat could reach us: that is no fault of the nodes. */
  #forgiveOwnAbsence(sinceLastTickMs: number): void {
    if (sinceLastTickMs < scaled.nodeGrace.ms / 2) return;
    for (const node of this.#nodes.values()) node.heartbeatMs += sinceLastTickMs;
  }

  #reconcile(): void {
    if (!this.#deployment) return;
    const { replicas } = this.#deployment;
    const { remove, place } = schedule({ nodes: this.nodes(), pods: this.#pods, replicas });
    for (const name of remove)
      this.#event('pod', `${name} removed from ${this.#pods.find((pod) => pod.name === name)?.node}`);
    this.#pods = this.#pods.filter(({ name }) => !remove.includes(name));
    for (const node of place) {
      const name = this.#newName();
      this.#pods.push({ name, node, status: null, registeredPort: null });
      this.#event('pod', `${name} assigned to ${node}`);
    }
  }

  #newName(): string {
    const name = `shop-${randomInt(36 ** 4, 36 ** 5).toString(36)}`;
    return this.#pods.some((pod) => pod.name === name) ? this.#newName() : name;
  }

  #observe(pod: PodRecord, status: PodStatus | null): void {
    const before = pod.status;
    pod.status = status;
    if (status?.ready) pod.registeredPort = status.port;
    else if (status?.port !== pod.registeredPort) pod.registeredPort = null;
    if (status && status.restarts > (before?.restarts ?? 0)) {
      this.#event('pod', `${pod.name} on ${pod.node} ended unexpectedly (${status.lastExit}); restarting it`);
    }
    if ((status?.ready ?? false) !== (before?.ready ?? false)) {
      this.#event('pod', `${pod.name} on ${pod.node} ${status?.ready ? 'ready' : 'not ready'}`);
    }
  }

  nodes(): NodeView[] {
    return [...this.#nodes.values()].map(({ name, zone, ready }) => ({ name, zone, ready }));
  }

  pods(): PodView[] {
    return this.#pods.map(({ name, node, status }) => ({
      name,
      node,
      zone: this.#zoneOf(node),
      baseUrl: status?.port ? `http://127.0.0.1:${status.port}` : null,
      ready: status?.ready ?? false,
      phase: status?.phase ?? 'pending',
      restarts: status?.restarts ?? 0,
      lastExit: status?.lastExit ?? null,
    }));
  }

  /** Where the edge may send requests: pods that have been ready where they listen now. */
  targets(): { name: string; zone: string; host: string; port: number }[] {
    return this.#pods.flatMap(({ name, node, registeredPort }) =>
      registeredPort ? [{ name, zone: this.#zoneOf(node), host: '127.0.0.1', port: registeredPort }] : [],
    );
  }

  #zoneOf(node: string): string {
    return this.#nodes.get(node)?.zone ?? '';
  }
}
