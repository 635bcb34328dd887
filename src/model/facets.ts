import type { Command } from './command.ts';
import type { TellLeft, Undo, WillChange } from './fault.ts';
import type { ShopProbes, ShopTraffic } from './shop-request.ts';
import type { Sighting } from './sightings.ts';

/** What shoppers use. Every platform has one. */
export interface Shop {
  baseUrl: string;
  tenants: string[];
  /** What the sentinel asks, for a shop other than the one under test. */
  probes?: ShopProbes;
  /** What the traffic script sends, where it does not know by itself. */
  traffic?: ShopTraffic;
  /** Names of the environment variables that the traffic script reads. */
  variables?: readonly string[];
}

/** What may be known about a platform besides its shop, each with one job. */
export interface Facets {
  orders: Orders;
  replicas: Replicas;
  pools: Pools;
  cluster: Cluster;
  database: Database;
  machines: Machines;
  /** Switched off means cut off the network here, and on joined to it again. */
  machineLinks: Machines;
  controlPlane: ControlPlane;
  kubernetes: Hands;
  workloads: Workloads;
  network: NetworkRules;
  chaosMesh: ChaosMesh;
  litmus: Litmus;
  shaping: Shaping;
  aws: AwsAccess;
  load: LoadPlace;
  sentinel: SentinelPlace;
}
export type FacetName = keyof Facets;

/** Reading orders back from where they are kept. */
export interface Orders {
  /** Which ones `read` returns. */
  scope: OrderScope;
  /** Orders whose key starts with a prefix, plus all others since an instant if that is the scope. */
  read(keyPrefix: string, sinceMs: number): Promise<StoredOrder[]>;
}

/** Copies of the shop that can be asked around the balancer. */
export interface Replicas {
  list(): Promise<Replica[]>;
}

/** The replicas' pools of connections to the database. */
export interface Pools {
  /** Of the replicas that answer. */
  read(): Promise<PoolReading[]>;
}

/** Counted since the replica started. */
export interface PoolReading {
  replica: string;
  /** Which of its pools. */
  role: string;
  /** The most that it has. */
  connections: number;
  /** How often one was taken, how long they were held in all, and how long they were waited for. */
  uses: number;
  holdSeconds: number;
  waitSeconds: number;
}

/** Nodes and pods, and what happened to them. */
export interface Cluster {
  /** @throws Unheard while what is known may no longer be so */
  inventory(): Promise<LiveInventory>;
  podEnds(sinceMs: number): Promise<PodEnd[]>;
  events(sinceMs: number): Promise<PlatformEvent[]>;
  /** How replicas come and go, step by step; left out where the platform does not tell. */
  sightings?(sinceMs: number): Promise<Sighting[]>;
}

/** The machines of the nodes, or their links, switched by commands. */
export interface Machines {
  off(node: string): Command;
  /** Does no harm where it is on. */
  on(node: string): Command;
  /** The folder that the commands run in. */
  cwd: string;
  /** The environment variables whose values are never written down. */
  secrets: readonly string[];
}

/** The API server of a cluster, switched by commands. */
export interface ControlPlane {
  off: Command;
  /** Does no harm where it is on. */
  on: Command;
  /** The folder that the commands run in. */
  cwd: string;
  /** The environment variables whose values are never written down. */
  secrets: readonly string[];
  isAway(): Promise<boolean>;
}

/** What a drill does by the API of Kubernetes. */
export interface Hands {
  /** Whether a spot node that is given notice is drained before it goes, as a node termination handler does it. */
  drainsOnNotice: boolean;
  /** The shop's and the database's pods on a node, by name. */
  podsOn(node: string): string[];
  isCordoned(node: string): boolean;
  /** Lets a node take no new pods. */
  cordon(node: string): Promise<void>;
  /** Lets it take pods again; does no harm where it does, or is gone. */
  uncordon(node: string): Promise<void>;
  /** How a later process does that. */
  uncordonUndo(node: string): Undo;
  /** Evicts a pod, unless a disruption budget allows no more now. */
  evict(pod: string): Promise<{ evicted: true } | { evicted: false; retryAfterMs: number; because: string }>;
  /**
   * Puts a node out of service by its taint, and deletes the namespace's pods on it without grace; in words, why that cannot be done.
   */
  outOfService(node: string, runId: string): Change | string;
  /** Deletes a pod without grace; does no harm where it is gone. */
  kill(pod: string): Promise<void>;
  /**
   * Sends a signal to the first process of a pod's container that serves; 0 is none, and only says whether one can be sent.
   * @throws why it cannot be sent
   */
  signal(pod: string, signal: 'SIGTERM' | 0): Promise<void>;
  /** The name of a pod's container that says whether it can serve, or else of its first one. @throws where there is no such pod */
  servingContainerOf(pod: string): string;
  /**
   * What files say in a pod's container that serves, by their paths; what cannot be read there is left out.
   * @throws where the image has nothing to read them by
   */
  read(pod: string, files: readonly string[]): Promise<Record<string, string>>;
  /** How long it takes a pod to open a connection to the API server. @throws where that cannot be tried */
  connectMs(pod: string): Promise<number>;
  /**
   * Takes CPU or memory from the containers of pods that serve, from inside of them. It ends by itself after its time; in words, why
   * it cannot be done.
   */
  press(
    pods: readonly string[],
    wish: { pressure: Pressure; runId: string; lastsMs: number },
  ): Promise<Change | string>;
  /** How often the containers of a pod have been started again; null where it is gone. */
  restartsOf(pod: string): number | null;
}

/** Whole cores; or memory until such a share of the container's limit is in use. */
export type Pressure = { of: 'cpu'; cores: number } | { of: 'memory'; share: number };
/** So much CPU time of what takes it is no accident. */
export const busySeconds = 0.3;

/** A change by the API of Kubernetes that can be made. */
export interface Change {
  /** How a later process takes it back. */
  undo: Undo;
  make(): Promise<void>;
  /** Takes back what is still as it was made: what somebody else has changed since is left as it is, and told. */
  takeBack(tell: TellLeft): Promise<void>;
  /** What shows that it took effect, in words, by what is watched or can be tried; undefined while nothing does. */
  evidence(): string | undefined | Promise<string | undefined>;
  /** How often that may be asked; left out: it costs the platform nothing. */
  askEveryMs?: number;
  /** Once it is taken back: what of it does not work again yet, in words. Left out: the platform's health tells. */
  mended?(): Promise<string | undefined>;
}

/** A change that can be made, or what is wrong with it, in words. */
export type Ordered = { change: Change } | { problems: string[] };

/** What keeps pods from reaching each other. */
export interface NetworkRules {
  /** Keeps the shop's pods from the database; in words, why that cannot be done. */
  cutFromDatabase(runId: string): Promise<Change | string>;
  /** The pods of the database, by name. */
  databasePods(): string[];
  /** Why a pod of the shop cannot connect to the database; null where it can. @throws where that cannot be tried */
  whyOutOfReach(pod: string): Promise<string | null>;
}

/** Chaos Mesh, which breaks what its objects say. */
export interface ChaosMesh {
  /** The shop's. */
  namespace: string;
  /** Tries an object by a dry run. */
  order(object: ChaosMeshObject, runId: string): Promise<Ordered>;
}

/** Of the API chaos-mesh.org/v1alpha1. */
export interface ChaosMeshObject {
  kind: 'PodChaos' | 'NetworkChaos' | 'StressChaos';
  spec: object;
}

/** LitmusChaos, which runs the experiments that are installed beside the shop. */
export interface Litmus {
  /** Tries a ChaosEngine by a dry run. */
  order(run: LitmusRun, runId: string): Promise<Ordered>;
}

/** A ChaosExperiment, by its name, and what is set of its environment. */
export interface LitmusRun {
  experiment: string;
  variables: Readonly<Record<string, string>>;
}

/** What a network does to packets; at least one of the first, the third and the fourth. */
export interface Degradation {
  /** What a pod sends comes so much later. */
  delayMs?: number | undefined;
  /** By so much more or less. */
  jitterMs?: number | undefined;
  /** Of the packets that come to a pod such a share is lost. */
  lossRatio?: number | undefined;
  /** A pod sends no more than this. */
  bitsPerSecond?: number | undefined;
}

export interface RehearsalWish {
  degradation: Degradation;
  runId: string;
  willChange: WillChange;
  signal: AbortSignal;
}

/** What slows pods' packets down, or loses them. */
export interface Shaping {
  /** It ends by itself after its time; in words, why it cannot be done. */
  degrade(
    pods: readonly string[],
    wish: { degradation: Degradation; runId: string; lastsMs: number },
  ): Promise<Change | string>;
  /** Tries it where it hits nobody. @returns what keeps it from being done, in words */
  rehearse(pods: readonly string[], wish: RehearsalWish): Promise<string[]>;
}

/** What runs the pods of the shop's namespace. */
export interface Workloads {
  /** Asks for them. */
  list(): Promise<WorkloadState[]>;
  /** Gives a deployment a new revision whose pods run, but never get ready. */
  rollOutUnready(deployment: WorkloadState): Promise<Change>;
  /** Leaves it no pods. Autoscaling leaves one alone that has none. */
  scaleToZero(workload: WorkloadState): Promise<Change>;
  /** The same with what answers names in the whole cluster; in words, why that cannot be done. */
  dnsToZero(): Promise<Change | string>;
}

export interface WorkloadState {
  kind: 'Deployment' | 'StatefulSet';
  name: string;
  /** Its pods are those that serve shoppers. */
  servesShoppers: boolean;
  replicas: number;
  /** Why it cannot be told now what a change of it does, such as a rollout that is under way, in words; null when nothing keeps it. */
  unsettled: string | null;
}

/** A cluster whose pods can run k6. */
export interface LoadPlace {
  /** What it means for the evidence that the load comes from there, in words. */
  fidelity: readonly string[];
  /** Starts k6, paused, in a pod for each runner. How to take them away is written down before anything is made. */
  start(order: LoadOrder): Promise<LoadPods>;
}

export interface LoadOrder {
  runId: string;
  /** What `k6 archive` has made. */
  archive: Uint8Array;
  /** Whose certificates are trusted, as PEM; undefined: those that the image trusts. */
  authorities: string | undefined;
  /** Arguments of `k6 run` that all runners have. */
  args: readonly string[];
  /** And those that each has: one entry a runner. */
  argsOfEach: readonly (readonly string[])[];
  environment: Readonly<Record<string, string>>;
  /** Variables whose values are kept in a Secret. */
  secrets: Readonly<Record<string, string>>;
  size: PodSize;
  /** After this the cluster ends them, whoever may still be there to do it. */
  atMostMs: number;
  willChange: WillChange;
  signal: AbortSignal;
  progress: (message: string) => void;
  /** Called with each line that a runner has written. @param runner from 0 */
  onLine: (runner: number, line: string) => void;
}

export interface PodSize {
  cpuMillis: number;
  memoryMiB: number;
}

/** Disposing of it takes all of them away. */
export interface LoadPods extends AsyncDisposable {
  /** In the order of the runners. */
  pods: LoadPod[];
}

/** Where k6's REST API is asked in a pod, and the sentinel what it has of it. */
export const restPort = 6565;

export interface LoadPod {
  name: string;
  node: string;
  zone: string;
  /** Asks the REST API. */
  ask(request: { method: 'GET' | 'PATCH' | 'PUT'; path: string; body?: string }): Promise<LoadPodAnswer>;
  /** Resolves once it has ended, or is given up, and all that it wrote has been read as far as it can be. Never rejects. */
  ended: Promise<LoadPodEnd>;
  /** What has not ended by now has not ended well. */
  giveUp(): void;
}

/** A cluster in a pod of which the sentinel can run. */
export interface SentinelPlace {
  /** Starts it. How to take it away is written down before anything is made. */
  start(order: SentinelOrder): Promise<SentinelPod>;
}

export interface SentinelOrder
  extends Pick<LoadOrder, 'runId' | 'authorities' | 'secrets' | 'atMostMs' | 'willChange' | 'signal' | 'progress'> {
  /** null: in whichever zone there is room. */
  zone: string | null;
  /** What it is told to do, as JSON. */
  spec: string;
  /** Called with each line that it has written. */
  onLine: (line: string) => void;
}

/** Disposing of it takes it away, and what it has not told by then is lost. */
export interface SentinelPod extends LoadPod, AsyncDisposable {
  /** Once it has ended: why its node is none to run pods on any more, in words; null where it is, or nobody can say. */
  nodeLost(): Promise<string | null>;
}

/** Instants are epoch ms; dateMs is the pod's clock, in whole seconds. */
export interface LoadPodAnswer {
  text: string;
  dateMs: number;
  sentMs: number;
  receivedMs: number;
}

export interface LoadPodEnd {
  /** null: nobody knows. */
  exitCode: number | null;
  /** What Kubernetes says about it, such as OOMKilled. */
  because: string;
  /** Whether all that it wrote was read. */
  isWhole: boolean;
}

/** A cluster of one writer and its readers. */
export interface Database {
  id: string;
  /** Where its state comes from, such as DescribeDBClusters. */
  source: string;
  state(): Promise<DatabaseState>;
  instances(): Promise<DatabaseInstance[]>;
  /** Orders a failover, to a named reader or to any. May return before it is done. */
  failOver(targetInstanceId?: string): Promise<void>;
}

export interface DatabaseState {
  /** `available` when no change is under way. */
  status: string;
  writer: string | undefined;
  readers: string[];
}

export interface DatabaseInstance {
  id: string;
  zone: string;
  status: string;
}

/** How to reach the control plane: an AWS-compatible endpoint, or AWS itself when endpoint is undefined. */
export interface AwsAccess {
  endpoint: string | undefined;
  region: string;
  /** Tags of everything that belongs to the shop, by which faults find their targets. */
  resourceTags: Record<string, string>;
  /** The role that FIS assumes for an experiment. */
  fisRoleArn: string;
  credentials: { accessKeyId: string; secretAccessKey: string } | undefined;
}

export const capacityTypes = ['on-demand', 'spot'] as const;
export type CapacityType = (typeof capacityTypes)[number];

/** A copy of the shop behind the balancer. */
export interface Replica {
  name: string;
  zone: string;
  node: string;
  baseUrl: string;
}

/** A platform's nodes and pods at one instant. */
export interface LiveInventory {
  nodes: LiveNode[];
  nodesWanted: number;
  pods: LivePod[];
  /** What autoscaling asks for now. */
  podsWanted: number;
  /** The most that autoscaling may ask for; null without autoscaling. */
  podsMax: number | null;
}
export interface LiveNode {
  name: string;
  zone: string;
  capacity: CapacityType;
  ready: boolean;
  /** What tells it from a later node of its name; on AWS the ARN of its instance. */
  id: string;
  /** An instance of the database runs on it; left out: none does, or it is not known. */
  hasDatabase?: true;
}
export interface LivePod {
  name: string;
  node: string;
  zone: string;
  ready: boolean;
  /** CPU use as a share of what the pod requests; null while it is unknown. */
  cpuRatio: number | null;
}

export const podEndCauses = ['scaled-down', 'evicted', 'node-lost', 'crashed'] as const;

/** The end of a pod, attributed. */
export interface PodEnd {
  atMs: number;
  pod: string;
  node: string;
  capacity: CapacityType;
  cause: (typeof podEndCauses)[number];
  /** In words: the interruption, the termination, the exit code. */
  because: string;
}

/** An order as the database holds it. createdAtUs: epoch microseconds. */
export interface StoredOrder {
  key: string;
  orderId: string;
  createdAtUs: number;
  /** As in order-lines.ts, `none` without any; null where the platform does not report them. */
  lines: string | null;
  totalCents: number | null;
}

/** Which orders a platform returns: all since an instant, or only those whose keys start with a prefix. */
export const orderScopes = ['all', 'run'] as const;
export type OrderScope = (typeof orderScopes)[number];

/** An event as the platform reports it. */
export interface PlatformEvent {
  atMs: number;
  source: string;
  message: string;
}
