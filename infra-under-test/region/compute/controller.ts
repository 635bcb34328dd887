import { randomInt } from 'node:crypto';
import { constants, scaled } from '../constants.ts';
import type { Autoscaler } from './autoscaler.ts';
import { NodeRecord, type NodeView } from './node-record.ts';
import { type PodEnd, PodEnds } from './pod-ends.ts';
import { PodRecord, type PodView } from './pod-record.ts';
import type { Assignment, Heartbeat, PodSpec } from './protocol.ts';
import { schedule } from './schedule.ts';

export interface ControllerOptions {
  event: (source: 'node' | 'pod', message: string) => void;
  /** Monotonic milliseconds. */
  now?: () => number;
  /** null: as many pods as the deployment has, whatever the load. */
  autoscaler?: Autoscaler | null;
  /** False: nodes are filled in the order of their names. */
  spread?: boolean;
  /** False: draining does not wait for replacements. */
  disruptionBudget?: boolean;
}

/** What always runs, and how to run it. */
export interface Deployment {
  /** Base pods. */
  replicas: number;
  /** Base and extra pods together, however low the load; by default the number of base pods. */
  minPods?: number;
  spec: (pod: { name: string; zone: string }) => PodSpec;
}

/** Keeps as many pods on ready nodes as are wanted. Knows nodes only by their heartbeats. */
export class Controller {
  readonly #options: Required<ControllerOptions>;
  readonly #nodes = new Map<string, NodeRecord>();
  readonly #goneNodes = new Set<string>();
  readonly #ends = new PodEnds();
  #pods: PodRecord[] = [];
  #deployment: Deployment | null = null;
  #requestedCores: number | null = null;
  #open = false;
  #lastTickMs: number;
  #lastJudgedMs: number;

  constructor(options: ControllerOptions) {
    const defaults = { now: () => performance.now(), autoscaler: null, spread: true, disruptionBudget: true };
    this.#options = { ...defaults, ...options };
    this.#lastTickMs = this.#now();
    this.#lastJudgedMs = this.#now();
  }

  #now(): number {
    return this.#options.now();
  }

  /** Nothing is placed before this. Pods placed by it start at once. */
  deploy(deployment: Deployment): void {
    this.#deployment = deployment;
    this.#reconcile();
    for (const pod of this.#pods) pod.startedMs ??= this.#now();
  }

  /** Sets what a pod requests of a core; until then CPU use as a share of it is unknown, and nothing is scaled. */
  sizePods(cores: number): void {
    this.#requestedCores = cores;
    this.#options.event('pod', `a pod requests ${cores.toFixed(3)} of a core`);
  }

  /** Whether all wanted pods have been ready at once: from then on shoppers may come. */
  get open(): boolean {
    return this.#open;
  }

  /** How many pods are wanted now. */
  get wantedPods(): number {
    const { replicas = 0, minPods = replicas } = this.#deployment ?? {};
    return Math.max(minPods, this.#options.autoscaler?.wanted ?? 0);
  }

  /** The most that autoscaling may want; null without it. */
  get maxPods(): number | null {
    return this.#options.autoscaler?.maxPods ?? null;
  }

  /** Takes a node's heartbeat, which makes it known and ready; returns the pods that it is to run. */
  heartbeat({ node: name, zone, capacity, atMs, pods }: Heartbeat): Assignment {
    const { open } = this;
    if (this.#goneNodes.has(name)) return { pods: [], open };
    const node = this.#nodes.get(name) ?? new NodeRecord({ name, zone, capacity });
    this.#nodes.set(name, node);
    if (node.beat(this.#now())) {
      this.#options.event('node', `${name} Ready`);
      this.#reconcile();
    }
    const reported = new Map(pods.map((status) => [status.name, status]));
    const assigned = this.#podsOn(name);
    for (const pod of assigned) this.#tell(pod, pod.observe(reported.get(pod.name) ?? null, atMs));
    this.#startPending();
    const { spec } = this.#deployment ?? {};
    const started = assigned.filter(({ startedMs }) => startedMs !== null);
    if (!spec) return { pods: [], open };
    for (const pod of started) pod.spec ??= spec({ name: pod.name, zone });
    return { pods: started.flatMap((pod) => pod.spec ?? []), open };
  }

  #tell(pod: PodRecord, { crashed, readinessChanged }: ReturnType<PodRecord['observe']>): void {
    const { event } = this.#options;
    if (crashed) {
      this.#record(pod, 'crashed', crashed);
      event('pod', `${pod.name} on ${pod.node} ended unexpectedly (${crashed}); restarting it`);
    }
    if (readinessChanged) event('pod', `${pod.name} on ${pod.node} ${pod.saidReady ? 'ready' : 'not ready'}`);
  }

  /** Judges nodes by their heartbeats, and the load by the pods' CPU use. Call it every `controllerTickMs`. */
  tick(): void {
    const nowMs = this.#now();
    this.#forgiveOwnAbsence(nowMs - this.#lastTickMs);
    this.#lastTickMs = nowMs;
    for (const node of this.#nodes.values()) {
      if (!node.isOverdue(nowMs)) continue;
      node.ready = false;
      this.#options.event('node', node.silence(nowMs));
    }
    this.#open ||= this.#deployment !== null && this.#readyPods().length >= this.wantedPods;
    this.#autoscale(nowMs);
    this.#reconcile();
    this.#evict();
    this.#startPending();
  }

  /** While we did not run, no heartbeat could reach us: that is not the nodes' fault. */
  #forgiveOwnAbsence(sinceLastTickMs: number): void {
    if (sinceLastTickMs < scaled.nodeGrace.ms / 4) return;
    for (const node of this.#nodes.values()) node.forgive(sinceLastTickMs);
  }

  #autoscale(nowMs: number): void {
    const { autoscaler, event } = this.#options;
    if (!autoscaler || !this.#deployment || nowMs - this.#lastJudgedMs < scaled.autoscalerPeriod.ms) return;
    this.#lastJudgedMs = nowMs;
    const before = autoscaler.wanted;
    const pods = this.pods().map(({ ready, cpuRatio }) => ({ ready, cpuRatio }));
    while (pods.length < before) pods.push({ ready: false, cpuRatio: null });
    const wanted = autoscaler.judge(nowMs, pods);
    if (wanted !== before) event('pod', `autoscaling wants ${wanted} pods instead of ${before}: ${inPercent(pods)}`);
  }

  /** Sets why a node falls silent, or is about to: its pods' ends are attributed to that. null: it is well again. */
  attribute(name: string, fate: string | null): void {
    const node = this.#nodes.get(name);
    if (node) node.fate = fate;
  }

  /** A node's machine is gone for good: so are the node and its pods. */
  removeNode(name: string, because: string): void {
    this.#goneNodes.add(name);
    if (!this.#nodes.has(name)) return;
    for (const pod of this.#podsOn(name)) this.#end(pod, 'node-lost', because);
    this.#nodes.delete(name);
    this.#options.event('node', `${name} gone: ${because}`);
    this.#reconcile();
  }

  /**
   * Gives a node no new pods, and from the next tick on moves its pods elsewhere, no more at a time than the disruption
   * budget allows. Not at once: they must not go to a node that is drained a moment later.
   */
  drain(name: string, because: string): void {
    const node = this.#nodes.get(name);
    if (!node || node.drainedFor) return;
    node.drainedFor = because;
    this.#options.event('node', `${name} drained: ${because}`);
  }

  /** A pod that is not ready may always go; a ready one only while enough others are. */
  #evict(): void {
    for (const { name, drainedFor } of this.#nodes.values()) {
      if (!drainedFor) continue;
      for (const pod of this.#podsOn(name)) {
        if (this.#isReady(pod) && !this.#mayDisrupt()) continue;
        this.#end(pod, 'evicted', drainedFor);
        this.#reconcile();
      }
    }
  }

  #mayDisrupt(): boolean {
    const mayMiss = Math.ceil(this.wantedPods * constants.maxUnavailableShare);
    return !this.#options.disruptionBudget || this.#readyPods().length > this.wantedPods - mayMiss;
  }

  #reconcile(): void {
    if (!this.#deployment) return;
    const { spread, event } = this.#options;
    const { lost, surplus, place } = schedule({
      nodes: [...this.#nodes.values()].map((node) => node.place(this.#now())),
      pods: this.#pods,
      wanted: { base: this.#deployment.replicas, extra: this.wantedPods - this.#deployment.replicas },
      spread,
      podsPerNode: spread ? constants.podsPerNode : constants.podsPerCrowdedNode,
    });
    const named = (names: string[]) => this.#pods.filter(({ name }) => names.includes(name));
    for (const pod of named(lost)) this.#end(pod, 'node-lost', this.#fateOf(pod.node));
    for (const pod of named(surplus)) this.#end(pod, 'scaled-down', `${this.wantedPods} pods are wanted`);
    for (const { node, tier } of place) {
      const pod = new PodRecord(this.#newName(), node, tier);
      this.#pods.push(pod);
      event('pod', `${pod.name} assigned to ${node}`);
    }
  }

  #fateOf(name: string): string {
    const node = this.#nodes.get(name);
    return node?.fate ?? node?.silence(this.#now()) ?? `${name} is gone`;
  }

  /** Removes a pod, from the edge at once; its node ends it at its next heartbeat. */
  #end(pod: PodRecord, cause: PodEnd['cause'], because: string): void {
    this.#pods = this.#pods.filter((other) => other !== pod);
    this.#record(pod, cause, because);
    this.#options.event('pod', `${pod.name} removed from ${pod.node}: ${cause}, ${because}`);
  }

  #record({ name: pod, node }: PodRecord, cause: PodEnd['cause'], because: string): void {
    const capacity = this.#nodes.get(node)?.capacity ?? 'on-demand';
    this.#ends.record({ pod, node, capacity, cause, because });
  }

  #newName(): string {
    const name = `shop-${randomInt(36 ** 4, 36 ** 5).toString(36)}`;
    return this.#pods.some((pod) => pod.name === name) ? this.#newName() : name;
  }

  /** Starts pods that wait for their turn, oldest first. */
  #startPending(): void {
    const nowMs = this.#now();
    const isStarting = (pod: PodRecord) =>
      pod.startedMs !== null &&
      nowMs - pod.startedMs < constants.podStartingMs &&
      !pod.saidReady &&
      this.#nodes.get(pod.node)?.ready;
    let free = constants.podsStartingAtOnce - this.#pods.filter(isStarting).length;
    for (const pod of this.#pods.filter(({ startedMs }) => startedMs === null)) {
      if (free <= 0) return;
      pod.startedMs = nowMs;
      free -= 1;
    }
  }

  #podsOn(node: string): PodRecord[] {
    return this.#pods.filter((pod) => pod.node === node);
  }

  #readyPods(): PodRecord[] {
    return this.#pods.filter((pod) => this.#isReady(pod));
  }

  #isReady({ node, saidReady }: PodRecord): boolean {
    return saidReady && (this.#nodes.get(node)?.ready ?? false);
  }

  #zoneOf(node: string): string {
    return this.#nodes.get(node)?.zone ?? '';
  }

  nodes(): NodeView[] {
    return [...this.#nodes.values()].map(({ view }) => view);
  }

  pods(): PodView[] {
    return this.#pods.map((pod) => pod.view(this.#zoneOf(pod.node), this.#isReady(pod), this.#requestedCores));
  }

  /** Ends of pods at or after an instant (epoch ms). */
  podEnds(sinceMs: number): PodEnd[] {
    return this.#ends.since(sinceMs);
  }

  /** Where the edge may send requests: pods that have been ready on their current port. */
  targets(): { name: string; zone: string; host: string; port: number }[] {
    return this.#pods.flatMap(({ name, node, registeredPort }) =>
      registeredPort ? [{ name, zone: this.#zoneOf(node), host: '127.0.0.1', port: registeredPort }] : [],
    );
  }
}

function inPercent(pods: { cpuRatio: number | null }[]): string {
  const uses = pods.map(({ cpuRatio }) => (cpuRatio === null ? 'unknown' : `${Math.round(cpuRatio * 100)} %`));
  return `CPU use ${uses.join(', ')} of what they request`;
}
