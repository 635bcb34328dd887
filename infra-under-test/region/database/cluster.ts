import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Binaries, findBinaries } from './binaries.ts';
import { withClient } from './client.ts';
import { Comebacks } from './comebacks.ts';
import { CutOffs } from './cut-offs.ts';
import { type DelayProxy, startDelayProxy } from './delay-proxy.ts';
import { type FailoverReport, failOver } from './failover.ts';
import { FailoverRefused } from './failover-refused.ts';
import { fallBehind } from './fall-behind.ts';
import { databaseFidelity } from './fidelity.ts';
import { createWriter, type Passwords } from './first-writer.ts';
import { Instance } from './instance.ts';
import { stablePort } from './operating-system.ts';
import { makeReader } from './reader.ts';
import { clusterId, databaseName, host, hostNameOf, members, readerName, writerName } from './topology.ts';
import type { ClusterDescription, ClusterEvent, ClusterOptions, DatabaseCluster } from './types.ts';

export type * from './types.ts';

/** Starts a cluster of three PostgreSQL servers, one per zone, with its names in the DNS server. */
export async function startCluster(options: ClusterOptions): Promise<DatabaseCluster> {
  const binaries = await findBinaries(options.dir);
  const cluster = new Cluster(options, binaries);
  try {
    await cluster.start();
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return cluster;
}

/** The wait before retrying a failover in which no reader answered. */
const failAgainMs = 1_000;

class Cluster implements DatabaseCluster {
  readonly id = clusterId;
  readonly databaseName = databaseName;
  readonly version: string;
  readonly writerName = writerName;
  readonly readerName = readerName;
  readonly passwords: Passwords = { postgres: secret(), shop: secret(), auditor: secret(), replicator: secret() };
  readonly fidelity: string[];
  readonly #options: Required<ClusterOptions>;
  readonly #binaries: Binaries;
  readonly #events: ClusterEvent[] = [];
  readonly #stopping = new AbortController();
  readonly #work = new Set<Promise<unknown>>();
  readonly #proxies: DelayProxy[] = [];
  readonly #comebacks: Comebacks;
  readonly #cutOffs: CutOffs;
  #instances: Instance[] = [];
  #promotions = 0;
  #status: ClusterDescription['status'] = 'creating';
  #writer!: Instance;

  constructor(options: ClusterOptions, binaries: Binaries) {
    this.#options = {
      migrate: async () => {},
      onEvent: () => {},
      countOrders: '0',
      quorumCommit: true,
      replicaLagMs: 300,
      dnsFlipDelayMs: 3_000,
      ...options,
    };
    this.#binaries = binaries;
    this.version = binaries.version;
    this.fidelity = databaseFidelity(this.#options);
    const steps = {
      changed: () => this.#listReaders(),
      event: (message: string) => this.#event('region', message),
    };
    this.#comebacks = new Comebacks({
      ...steps,
      writer: () => this.#writer,
      makeReader: (instance, writer) => this.#makeReader(instance, writer),
      signal: this.#stopping.signal,
    });
    this.#cutOffs = new CutOffs({
      ...steps,
      instances: () => this.#instances,
      promotions: () => this.#promotions,
      isFailingOver: () => this.#status === 'failing-over',
      // The old writer of a failover that has not promoted anybody yet: the failover brings it back.
      replace: (instance) => instance === this.#writer || this.#comebacks.bringBack(instance),
    });
  }

  async start(): Promise<void> {
    const { dir, migrate, countOrders, quorumCommit } = this.#options;
    for (const member of members) this.#instances.push(await this.#newInstance(member));
    const [writer, ...readers] = this.#instances as [Instance, ...Instance[]];
    this.#writer = writer;
    await createWriter(writer, dir, this.#binaries, this.passwords);
    const { port } = writer;
    await migrate({
      host,
      port,
      database: databaseName,
      superuser: 'postgres',
      password: this.passwords.postgres,
      passwords: this.passwords,
    });
    // If orders cannot be counted, fail now and not when it matters.
    await withClient(writer.access, (client) => client.query(`select ${countOrders}`));
    await Promise.all(readers.map((reader) => this.#makeReader(reader, writer)));
    await writer.configure({ upstream: null, quorum: quorumCommit });
    for (const instance of this.#instances) instance.status = 'available';
    this.#status = 'available';
    this.#moveWriterName();
    this.#listReaders();
  }

  #makeReader(instance: Instance, writer: Instance): Promise<void> {
    return makeReader(instance, writer, this.#binaries.user, this.#options.quorumCommit);
  }

  async #newInstance({ id, zone }: { id: string; zone: string }): Promise<Instance> {
    const { dir, quorumCommit, replicaLagMs } = this.#options;
    const port = await stablePort(new Set(this.#instances.map((instance) => instance.port)));
    const proxy = quorumCommit ? null : await startDelayProxy(port, replicaLagMs);
    if (proxy) this.#proxies.push(proxy);
    return new Instance({
      id,
      zone,
      port,
      dir,
      replicationPort: proxy?.port ?? port,
      quorum: members.map((member) => member.id).filter((peer) => peer !== id),
      binaries: this.#binaries,
      passwords: this.passwords,
      // On a busy machine its processes take a while to end; a dead machine sends nothing from the first moment on.
      onCrash: () => proxy?.cut(),
      onConnection: (connected) => (connected ? proxy?.release() : proxy?.hold()),
      onUnexpectedExit: (instance) => this.#onUnexpectedExit(instance),
    });
  }

  describe(): ClusterDescription {
    return {
      id: this.id,
      status: this.#status,
      members: this.#instances.map((instance) => ({
        id: instance.id,
        zone: instance.zone,
        role: instance === this.#writer ? 'writer' : 'reader',
        status: instance.isCutOff && instance.status === 'available' ? 'rebooting' : instance.status,
        host,
        port: instance.port,
        pid: instance.pid,
      })),
    };
  }

  events(): readonly ClusterEvent[] {
    return this.#events;
  }

  failover(targetInstanceId?: string): { completed: Promise<FailoverReport> } {
    if (this.#status !== 'available')
      throw new FailoverRefused('cluster-unavailable', `cluster ${this.id} is ${this.#status}`);
    const readers = this.#availableReaders();
    const target = targetInstanceId === undefined ? null : this.#targetNamed(targetInstanceId);
    if (readers.length === 0)
      throw new FailoverRefused('cluster-unavailable', `cluster ${this.id} has no available reader`);
    this.#status = 'failing-over';
    return { completed: this.#track(this.#failOver(readers, target)) };
  }

  #availableReaders(): Instance[] {
    return this.#instances.filter((instance) => instance !== this.#writer && isAvailable(instance));
  }

  #targetNamed(instanceId: string): Instance {
    const target = this.#instances.find(({ id }) => id === instanceId);
    if (!target) throw new FailoverRefused('no-such-instance', `${instanceId} is not in cluster ${this.id}`);
    if (target === this.#writer)
      throw new FailoverRefused('already-writer', `${instanceId} is the writer of cluster ${this.id}`);
    if (target.isCutOff)
      throw new FailoverRefused(
        'instance-unavailable',
        `${instanceId} cannot be reached: ${target.zone} is disconnected`,
      );
    if (target.status !== 'available')
      throw new FailoverRefused('instance-unavailable', `${instanceId} is ${target.status}`);
    return target;
  }

  async #failOver(readers: Instance[], target: Instance | null): Promise<FailoverReport> {
    const writer = this.#writer;
    writer.status = 'rebooting';
    try {
      const report = await failOver({
        writer,
        readers,
        target,
        quorum: this.#options.quorumCommit,
        dnsFlipDelayMs: this.#options.dnsFlipDelayMs,
        signal: this.#stopping.signal,
        started: ({ id, zone }) =>
          this.#event('rds', `Started ${zone === writer.zone ? 'same' : 'cross'} AZ failover to DB instance: ${id}`),
        beforeCrash: () => this.#beforeCrash(writer),
        promoted: (promoted) => this.#takeOver(promoted, writer),
        bringBack: (oldWriter) => this.#comebacks.bringBack(oldWriter),
        flipName: ({ id }) => {
          this.#moveWriterName();
          this.#event('rds', `Completed failover to DB instance: ${id}`);
        },
        event: (message) => this.#event('region', message),
      });
      this.#status = 'available';
      this.#replaceDeadWriter();
      return report;
    } catch (error) {
      if (this.#stopping.signal.aborted) throw error;
      this.#event('region', `failover did not complete: ${(error as Error).message}`);
      if (this.#writer !== writer) throw error;
      const left = readers.filter(isAvailable);
      if (left.length > 0 && left.length < readers.length) return this.#failOver(left, null);
      // The caller gets the error; but the writer is down, and somebody has to take over.
      void this.#track(this.#failOverLater());
      throw error;
    }
  }

  async #failOverLater(): Promise<void> {
    await sleep(failAgainMs, undefined, { signal: this.#stopping.signal });
    await this.#failOver(this.#availableReaders(), null);
  }

  /** Without quorum commit only luck decides whether readers have the last orders: here they do not. */
  async #beforeCrash(writer: Instance): Promise<void> {
    const { quorumCommit, countOrders } = this.#options;
    const [{ signal }, event] = [this.#stopping, (message: string) => this.#event('region', message)];
    if (!quorumCommit) await fallBehind(writer, { countOrders, signal, event });
  }

  async #takeOver(promoted: Instance, oldWriter: Instance): Promise<void> {
    this.#writer = promoted;
    this.#promotions += 1;
    const quorum = this.#options.quorumCommit;
    const followers = this.#instances.filter(
      (instance) => instance !== promoted && instance !== oldWriter && instance.pid && !instance.isCutOff,
    );
    await Promise.all(followers.map((follower) => follower.configure({ upstream: promoted, quorum })));
    this.#listReaders();
    this.#event('region', `${promoted.id} promoted`);
  }

  #onUnexpectedExit(instance: Instance): void {
    instance.status = 'failed';
    this.#listReaders();
    this.#event('region', `${instance.id} exited unexpectedly`);
    if (this.#status === 'creating') return;
    if (instance === this.#writer) this.#replaceDeadWriter();
    else void this.#comebacks.bringBack(instance);
  }

  /** During a failover this waits for its end. */
  #replaceDeadWriter(): void {
    if (this.#writer.pid || this.#status !== 'available') return;
    if (this.#availableReaders().length > 0) this.failover();
    else this.#event('region', `no failover from ${this.#writer.id}: no reader is available`);
  }

  disconnect(zone: string): Promise<void> {
    return this.#track(this.#cutOffs.disconnect(zone));
  }

  reconnect(zone: string): Promise<void> {
    return this.#track(this.#cutOffs.reconnect(zone));
  }

  async crash(instanceId: string): Promise<void> {
    await this.#instances.find(({ id }) => id === instanceId)?.crash({ expected: false });
  }

  #moveWriterName(): void {
    this.#options.dns.set(writerName, [serviceOf(this.#writer)]);
    this.#event('region', `writer name points at ${this.#writer.id}`);
  }

  /** In a cluster without readers the writer answers reads. */
  #listReaders(): void {
    const readers = this.#availableReaders();
    this.#options.dns.set(readerName, (readers.length > 0 ? readers : [this.#writer]).map(serviceOf));
  }

  #event(source: ClusterEvent['source'], message: string): void {
    const event: ClusterEvent = { atMs: Date.now(), source, message };
    this.#events.push(event);
    this.#options.onEvent(event);
  }

  /** Remembers work that stop() has to wait for; a failure goes to whoever asked for the work. */
  #track<T>(work: Promise<T>): Promise<T> {
    const done = work.catch(() => {}).finally(() => this.#work.delete(done));
    this.#work.add(done);
    return work;
  }

  async stop(): Promise<void> {
    this.#status = 'stopped';
    this.#stopping.abort();
    await Promise.all(this.#instances.map((instance) => instance.kill()));
    await Promise.all([...this.#work, this.#comebacks.settled()]);
    await Promise.all(this.#instances.map((instance) => instance.kill()));
    await Promise.all(this.#proxies.splice(0).map((proxy) => proxy[Symbol.asyncDispose]()));
    for (const instance of this.#instances) {
      instance.status = 'stopped';
      await rm(instance.dataDir, { recursive: true, force: true });
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

const secret = () => randomBytes(18).toString('hex');
const isAvailable = ({ status, isCutOff }: Instance) => status === 'available' && !isCutOff;
const serviceOf = ({ id, port }: Instance) => ({ target: hostNameOf(id), port });
