import type { ChaosMeshObject } from '../../src/model/facets.ts';
import type { Way } from '../../src/model/fault.ts';
import { execRights } from '../../src/platform/kubernetes/exec-rights.ts';
import { byObjectOfChaosMesh } from '../shared/custom-resource-way.ts';
import { awsDuration, goDuration } from '../shared/duration.ts';

/**
 * A NetworkChaos drops all packets between the shop's ready pods and the database's: connections that are open hang. Pods that come later
 * are not cut off. Proven by a pod of the shop that cannot connect any more.
 * @param duration in AWS's format.
 */
export const byChaosMesh = (kind: string, duration: string): Way =>
  byObjectOfChaosMesh({
    kind,
    plural: 'networkchaos',
    requires: ['network-policies', 'node-inventory'],
    rights: execRights,
    lasts: awsDuration(duration),
    async aim({ cluster, network, chaosMesh }, lastsMs) {
      const shop = (await cluster.inventory()).pods.filter(({ ready }) => ready).map(({ name }) => name);
      const database = network.databasePods();
      const [witness] = shop;
      if (witness === undefined || database.length === 0)
        return { problems: [`${kind} finds no target: no pod of ${witness ? 'the database' : 'the shop'} is there`] };
      const before = await network.whyOutOfReach(witness).catch((error: Error) => error);
      if (before instanceof Error) return { problems: [`${kind} could not be proven: ${before.message}`] };
      if (before !== null)
        return { problems: [`${kind} finds no target: the database is out of reach already (${before})`] };
      return {
        order: cutOff({ namespace: chaosMesh.namespace, shop, database, lastsMs }),
        async evidence() {
          const why = await network.whyOutOfReach(witness);
          return why === null ? undefined : `pod ${witness} cannot connect to the database (${why})`;
        },
      };
    },
  });

interface Cut {
  namespace: string;
  shop: readonly string[];
  database: readonly string[];
  lastsMs: number;
}

/** The object that keeps pods from each other, in both directions. */
export const cutOff = ({ namespace, shop, database, lastsMs }: Cut): ChaosMeshObject => ({
  kind: 'NetworkChaos',
  spec: {
    action: 'partition',
    direction: 'both',
    mode: 'all',
    selector: { pods: { [namespace]: shop } },
    target: { mode: 'all', selector: { pods: { [namespace]: database } } },
    duration: goDuration(lastsMs),
  },
});
