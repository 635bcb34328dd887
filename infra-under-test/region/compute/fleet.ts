import { scaled } from '../constants.ts';
import type { Instance, Machines, NodeGroup, Subnet } from '../machines.ts';
import type { Controller } from './controller.ts';
import { Machine } from './machine.ts';
import type { NodePlace, PoweredNode } from './nodes.ts';
import { newInstance, newNodeGroup, newSubnet } from './resources.ts';
import type { Topology } from './topology.ts';

export interface FleetOptions {
  topology: Topology;
  /** Powers a node on. */
  powerOn: (node: NodePlace) => Promise<PoweredNode>;
  controller: Pick<Controller, 'attribute' | 'removeNode' | 'drain'>;
  /** What the database's subnets hold. */
  database: { disconnect(zone: string): Promise<void>; reconnect(zone: string): Promise<void> };
  event: (message: string) => void;
  /** Whether node groups replace lost nodes. */
  replaces: boolean;
  /** Whether a node is drained when it gets notice of its interruption. */
  drainsOnNotice: boolean;
}

type Group = NodeGroup & Topology['nodeGroups'][number];

/** The region's instances, and the node groups that keep up their number. */
export class Fleet implements Machines {
  readonly #options: FleetOptions;
  readonly #subnets: Subnet[];
  readonly #groups: Group[];
  readonly #lastNumber = new Map<string, number>();
  readonly #cutOff = new Set<string>();
  readonly #paused = new Set<string>();
  #machines: Machine[] = [];
  #isClosed = false;
  /** When the last instance told to boot is, or was, up. */
  #lastUpAtMs = 0;

  constructor(options: FleetOptions) {
    this.#options = options;
    const { zones } = options.topology;
    this.#subnets = [
      ...zones.map((zone) => newSubnet(zone, 'nodes')),
      ...zones.map((zone) => newSubnet(zone, 'database')),
    ];
    this.#groups = options.topology.nodeGroups.map((group) => ({ ...group, ...newNodeGroup(group.name) }));
  }

  /** How many nodes there are when none is missing. */
  get wantedNodes(): number {
    return this.#groups.reduce((sum, { nodesPerZone }) => sum + nodesPerZone, 0) * this.zones().length;
  }

  /** Brings up the first nodes, without the time that a machine takes to boot. Rejects when one does not start. */
  async open(): Promise<void> {
    for (const machine of this.#launchMissing()) await this.#powerOn(machine);
  }

  /** Plans nothing more. Whoever powered a node on ends it. */
  close(): void {
    this.#isClosed = true;
    for (const machine of this.#machines) machine.forgetPlans();
  }

  instances(): Instance[] {
    return this.#machines.map(({ instance }) => ({ ...instance, tags: { ...instance.tags } }));
  }

  zones(): string[] {
    return this.#options.topology.zones;
  }

  subnets(): Subnet[] {
    return this.#subnets;
  }

  groups(): NodeGroup[] {
    return this.#groups.map(({ name, arn, tags }) => ({ name, arn, tags }));
  }

  async terminate(instanceIds: string[], because: string): Promise<void> {
    const machines = this.#named(instanceIds).filter(({ isGone }) => !isGone);
    await Promise.all(machines.map((machine) => this.#terminate(machine, because)));
  }

  async #terminate(machine: Machine, because: string): Promise<void> {
    const { instance } = machine;
    const fate = `${instance.instanceId} terminated (${because})`;
    instance.state = 'shutting-down';
    await this.#powerOff(machine, fate);
    instance.state = 'terminated';
    if (this.#isClosed) return;
    machine.later(scaled.terminatedNodeGone.ms, () => this.#options.controller.removeNode(instance.node, fate));
    machine.later(scaled.instanceForgotten.ms, () => {
      this.#machines = this.#machines.filter((other) => other !== machine);
    });
    this.#replaceMissing();
  }

  async stop(instanceIds: string[], because: string): Promise<void> {
    const machines = this.#named(instanceIds).filter(({ isOn }) => isOn);
    await Promise.all(machines.map((machine) => this.#stop(machine, because)));
  }

  async #stop(machine: Machine, because: string): Promise<void> {
    machine.instance.state = 'stopping';
    await this.#powerOff(machine, `${machine.instance.instanceId} stopped (${because})`);
    machine.instance.state = 'stopped';
    this.#replaceStoppedLater(machine);
  }

  async start(instanceIds: string[]): Promise<void> {
    for (const machine of this.#named(instanceIds).filter(({ instance }) => instance.state === 'stopped')) {
      machine.forgetPlans();
      machine.instance.state = 'pending';
      this.#options.event(`${machine.instance.node}: ${machine.instance.instanceId} started`);
      this.#boot(machine);
    }
  }

  async interruptSpot(instanceIds: string[], noticeMs: number): Promise<void> {
    const machines = this.#named(instanceIds).filter(({ isOn, instance }) => isOn && instance.capacity === 'spot');
    for (const machine of machines) {
      const { node, instanceId } = machine.instance;
      const interruption = `spot interruption of ${instanceId}`;
      this.#options.event(`${node}: notice of the ${interruption}, in ${noticeMs / 1_000} s`);
      machine.later(noticeMs, () => void this.#terminate(machine, 'spot interruption'));
      if (this.#options.drainsOnNotice) this.#options.controller.drain(node, interruption);
    }
  }

  async disconnect(subnetId: string): Promise<void> {
    const { zone, tier } = this.#subnet(subnetId);
    if (tier === 'database') await this.#options.database.disconnect(zone);
    else this.#disconnectNodes(zone);
  }

  #disconnectNodes(zone: string): void {
    if (this.#cutOff.has(zone)) return;
    this.#cutOff.add(zone);
    this.#options.event(`${zone} cut off`);
    for (const { instance, node } of this.#in(zone)) {
      this.#options.controller.attribute(instance.node, `${zone} cut off`);
      node?.freeze();
    }
  }

  async reconnect(subnetId: string): Promise<void> {
    const { zone, tier } = this.#subnet(subnetId);
    if (tier === 'database') await this.#options.database.reconnect(zone);
    else await this.#reconnectNodes(zone);
  }

  async #reconnectNodes(zone: string): Promise<void> {
    if (!this.#cutOff.delete(zone)) return;
    this.#options.event(`${zone} connected again`);
    const machines = this.#in(zone);
    await Promise.all(machines.map((machine) => machine.clearWreck()));
    for (const machine of machines) {
      if (machine.node) this.#thaw(machine);
      else if (machine.instance.state === 'running') void this.#powerOnOrTell(machine);
    }
  }

  #thaw({ node, instance }: Machine): void {
    this.#options.controller.attribute(instance.node, null);
    node?.thaw();
  }

  pauseLaunches(zones: string[]): void {
    for (const zone of zones) this.#paused.add(zone);
    this.#options.event(`no capacity for new nodes in ${zones.join(', ')}`);
  }

  resumeLaunches(zones: string[]): void {
    for (const zone of zones) this.#paused.delete(zone);
    this.#options.event(`capacity for new nodes again in ${zones.join(', ')}`);
    for (const machine of this.#machines) if (zones.includes(machine.instance.zone)) this.#replaceStoppedLater(machine);
    this.#replaceMissing();
  }

  /** A node group terminates an instance that stays stopped, once it can get another one. */
  #replaceStoppedLater(machine: Machine): void {
    const { instance } = machine;
    const may = () => instance.state === 'stopped' && this.#options.replaces && !this.#paused.has(instance.zone);
    if (!may() || this.#isClosed) return;
    machine.later(scaled.stoppedInstanceReplaced.ms, () => {
      if (may()) void this.#terminate(machine, 'its node group replaces what is stopped');
    });
  }

  #replaceMissing(): void {
    if (!this.#options.replaces || this.#isClosed) return;
    for (const machine of this.#launchMissing()) {
      const { group, node, instanceId } = machine.instance;
      this.#options.event(`node group ${group} launches ${node} (${instanceId})`);
      this.#boot(machine);
    }
  }

  /** New instances where a group has too few. */
  #launchMissing(): Machine[] {
    const launched = this.#subnets
      .filter(({ zone, tier }) => tier === 'nodes' && !this.#paused.has(zone))
      .flatMap((subnet) => this.#groups.flatMap((group) => this.#missing(group, subnet)));
    this.#machines.push(...launched);
    return launched;
  }

  #missing({ name: group, capacity, nodesPerZone }: Group, { zone, subnetId }: Subnet): Machine[] {
    const has = this.#in(zone).filter(({ instance, isGone }) => instance.group === group && !isGone).length;
    return Array.from({ length: Math.max(0, nodesPerZone - has) }, () => {
      const place = { name: this.#newName(zone), zone, capacity };
      return new Machine(newInstance(place, group, subnetId));
    });
  }

  #newName(zone: string): string {
    const number = (this.#lastNumber.get(zone) ?? 0) + 1;
    this.#lastNumber.set(zone, number);
    return `${zone}-${number}`;
  }

  #boot(machine: Machine): void {
    const nowMs = performance.now();
    this.#lastUpAtMs = Math.max(nowMs + scaled.nodeBoot.ms, this.#lastUpAtMs + scaled.nodeBootSpread.ms);
    machine.later(this.#lastUpAtMs - nowMs, () => void this.#powerOnOrTell(machine));
  }

  async #powerOnOrTell(machine: Machine): Promise<void> {
    try {
      await this.#powerOn(machine);
    } catch (error) {
      if (!this.#isClosed) await this.#terminate(machine, `it did not boot: ${(error as Error).message}`);
    }
  }

  async #powerOn(machine: Machine): Promise<void> {
    const { instance } = machine;
    const { node: name, zone, capacity } = instance;
    instance.state = 'running';
    this.#options.controller.attribute(name, null);
    if (this.#cutOff.has(zone)) return;
    const node = await this.#options.powerOn({ name, zone, capacity });
    if (instance.state !== 'running') return await node.powerOff();
    machine.node = node;
    if (this.#cutOff.has(zone)) node.freeze();
    void node.exited.then((how) => {
      if (machine.node !== node || this.#isClosed) return;
      void this.#terminate(machine, `its processes ended unexpectedly: ${how}`);
    });
  }

  async #powerOff(machine: Machine, fate: string): Promise<void> {
    const { node, zone } = machine.instance;
    this.#options.event(`${node}: ${fate}`);
    this.#options.controller.attribute(node, fate);
    // In a zone that is cut off nobody may notice: frozen processes there end when the zone is reconnected.
    await machine.powerOff({ unnoticed: this.#cutOff.has(zone) });
  }

  #subnet(subnetId: string): Subnet {
    const subnet = this.#subnets.find((each) => each.subnetId === subnetId);
    if (!subnet) throw new Error(`there is no subnet ${subnetId}`);
    return subnet;
  }

  #named(instanceIds: string[]): Machine[] {
    return this.#machines.filter(({ instance }) => instanceIds.includes(instance.instanceId));
  }

  #in(zone: string): Machine[] {
    return this.#machines.filter(({ instance }) => instance.zone === zone);
  }
}
