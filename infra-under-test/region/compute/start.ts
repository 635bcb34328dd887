import { constants, scaled } from '../constants.ts';
import { type ControlApi, startControlApi } from '../control-api.ts';
import type { EventLog } from '../events.ts';
import type { Lifetime } from '../lifetime.ts';
import type { RegionProtection } from '../protections.ts';
import { poll } from '../readiness.ts';
import { Autoscaler } from './autoscaler.ts';
import { Controller } from './controller.ts';
import { Fleet, type FleetOptions } from './fleet.ts';
import { inventoryOf } from './inventory.ts';
import { poweredNode, startNodeAgent } from './nodes.ts';
import { topology } from './topology.ts';

export interface ComputeOptions {
  regionId: string;
  /** Lets a node talk to the control API. */
  token: string;
  logDir: string;
  /** Protections that are switched off. */
  without: ReadonlySet<RegionProtection>;
  events: EventLog;
  lifetime: Lifetime;
  database: FleetOptions['database'] & { describe(): unknown; arn: string };
  stopGraceMs: number;
}

/** The region's control plane and its machines. */
export interface Compute {
  controller: Controller;
  fleet: Fleet;
  control: ControlApi;
}

/** Starts the control API and the control of nodes and pods; no node is up yet. */
export async function startControlPlane(options: ComputeOptions): Promise<Compute> {
  const { regionId, token, without, events, lifetime, database } = options;
  const controller = new Controller({
    event: (source, message) => events.tell(source, message),
    autoscaler: without.has('autoscaling') ? null : new Autoscaler(autoscalerRules()),
    spread: !without.has('zone-spread'),
    disruptionBudget: !without.has('disruption-budget'),
  });
  const inventory = () => inventoryOf(fleet, controller, database.arn);
  const starting = startControlApi({
    regionId,
    token,
    controller,
    events,
    inventory,
    describeDatabase: () => database.describe(),
  });
  const control = await lifetime.starts(starting, (started) => started.close());
  const ticking = setInterval(() => controller.tick(), constants.controllerTickMs);
  await lifetime.starts(Promise.resolve(ticking), clearInterval);
  const fleet = new Fleet({
    topology,
    controller,
    database,
    powerOn: async (place) => {
      const { logDir } = options;
      const givesWay = controller.open;
      const agent = startNodeAgent(place, { regionId, controlUrl: control.url, token, logDir, givesWay });
      return poweredNode(await lifetime.starts(agent, (started) => started.stop(options.stopGraceMs)));
    },
    event: (message) => events.tell('node', message),
    replaces: !without.has('node-replacement'),
    drainsOnNotice: !without.has('drain-on-spot-notice'),
  });
  await lifetime.starts(Promise.resolve(fleet), () => fleet.close());
  return { controller, fleet, control };
}

/** Brings up the first nodes, and resolves when all of them are ready. */
export async function startNodes({ fleet, controller }: Compute, lifetime: Lifetime): Promise<void> {
  await fleet.open();
  await poll(lifetime, () => controller.nodes().length === fleet.wantedNodes);
}

function autoscalerRules() {
  const { minPods, maxPods, autoscaling } = constants;
  const { targetRatio, tolerance, addedPerPeriod, removedPerPeriod } = autoscaling;
  const up = { stabilisationMs: scaled.scaleUpStabilisation.ms, periodMs: scaled.scaleUpPeriod.ms };
  const down = { stabilisationMs: scaled.scaleDownStabilisation.ms, periodMs: scaled.scaleDownPeriod.ms };
  return {
    minPods,
    maxPods,
    targetRatio,
    tolerance,
    up: { ...up, podsPerPeriod: addedPerPeriod },
    down: { ...down, podsPerPeriod: removedPerPeriod },
  };
}
