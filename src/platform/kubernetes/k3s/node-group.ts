import { wallMsOf } from '../../../model/span.ts';
import { nowMs } from '../../../runtime/clock.ts';
import { containersOf, docker, zoneOfContainer } from './docker.ts';

/**
 * How long a cloud's node group takes to have a machine in the place of a lost one. Longer than Kubernetes takes to miss a node, 50 s by
 * default: otherwise it would be back before anybody knows that it was away.
 */
const bootTime = { platformMs: 90_000 };
const lookEveryMs = 1_000;

/** A node of a cluster, as Docker knows it. */
export interface NodeMachine {
  id: string;
  zone: string;
  isOn: boolean;
}

/** @param timeScale how much faster than production's the cluster's clocks run */
export const bootMsOn = (timeScale: number): number => wallMsOf(bootTime, timeScale);

/**
 * Which machines to boot: those that have been off for long enough. In a zone where none is on, nothing boots: the zone is out.
 * @param offSinceMs by machine; kept between looks
 */
export function toBoot(
  machines: readonly NodeMachine[],
  offSinceMs: Map<string, number>,
  { atMs, bootMs }: { atMs: number; bootMs: number },
): NodeMachine[] {
  return machines.filter((machine) => {
    if (machine.isOn) {
      offSinceMs.delete(machine.id);
      return false;
    }
    const sinceMs = offSinceMs.get(machine.id) ?? atMs;
    offSinceMs.set(machine.id, sinceMs);
    return atMs - sinceMs >= bootMs && machines.some(({ zone, isOn }) => isOn && zone === machine.zone);
  });
}

/** Replaces lost nodes as a cloud's node group does: here a lost machine boots again. Until disposed of. @param bootMs after the loss */
export function nodeGroup(name: string, bootMs: number): Disposable {
  const offSinceMs = new Map<string, number>();
  const look = async () => {
    const { container } = await docker();
    for (const { id } of toBoot(await machinesOf(name), offSinceMs, { atMs: nowMs(), bootMs }))
      await container.getById(id).start();
  };
  // Whoever misses a node sees that it is missing: a look that failed is followed by another.
  const timer = setInterval(() => void look().catch(() => {}), lookEveryMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

const machinesOf = async (name: string): Promise<NodeMachine[]> =>
  (await containersOf(name)).flatMap(({ Id: id, Labels, State }) => {
    const zone = Labels[zoneOfContainer];
    return zone === undefined ? [] : [{ id, zone, isOn: State === 'running' }];
  });
