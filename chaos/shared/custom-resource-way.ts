import type { Capability } from '../../src/model/capabilities.ts';
import type { ChaosMeshObject, LitmusRun, Ordered } from '../../src/model/facets.ts';
import type { Way } from '../../src/model/fault.ts';
import type { FacetsOf } from '../../src/platform/facets-of.ts';
import { type ApiChangeOf, apiChange } from './api-change.ts';

/** What is ordered of a tool, and what shows on the platform that it was done; or what is wrong, in words. */
type Aim<Order> = { order: Order; evidence(): Promise<string | undefined> } | { problems: string[] };

/** A way by an object of a tool that is on the cluster. */
interface CustomResourceOf<T extends 'chaos-mesh' | 'litmus', C extends Capability, Order>
  extends Pick<ApiChangeOf<C>, 'kind' | 'requires' | 'lasts'> {
  /** Besides those to the object. */
  rights?: readonly string[];
  /** Asks, and changes nothing. @param lastsMs after this it is to end by itself */
  aim(on: FacetsOf<C | T | 'kubernetes-api'>, lastsMs: number): Promise<Aim<Order>>;
}

const undoOf = (what: string, by: string): string =>
  `${what} is deleted, by which ${by} takes back what can be taken back, and the drill waits until the platform is healthy; ` +
  'without tenfold it ends after its duration';

/** By an object of Chaos Mesh. */
export const byObjectOfChaosMesh = <C extends Capability>({
  plural,
  rights = [],
  aim,
  ...made
}: CustomResourceOf<'chaos-mesh', C, ChaosMeshObject> & { plural: string }): Way =>
  apiChange<C | 'chaos-mesh'>({
    ...made,
    name: 'chaos-mesh',
    requires: ['chaos-mesh', ...made.requires],
    undo: undoOf('the object', 'Chaos Mesh'),
    rights: [...['create', 'get', 'delete'].map((verb) => `${verb} ${plural}.chaos-mesh.org`), ...rights],
    async aim(on, runId, lastsMs) {
      const { chaosMesh } = on as FacetsOf<'chaos-mesh'>;
      return await provenTwice(made.kind, await aim(on, lastsMs), (order) => chaosMesh.order(order, runId));
    },
  });

/** By a ChaosEngine of LitmusChaos. */
export const byExperimentOfLitmus = <C extends Capability>({
  rights = [],
  aim,
  ...made
}: CustomResourceOf<'litmus', C, LitmusRun>): Way =>
  apiChange<C | 'litmus'>({
    ...made,
    name: 'litmus',
    requires: ['litmus', ...made.requires],
    undo: undoOf('the ChaosEngine', 'Litmus'),
    rights: [...litmusRights, ...rights],
    async aim(on, runId, lastsMs) {
      const { litmus } = on as FacetsOf<'litmus'>;
      return await provenTwice(made.kind, await aim(on, lastsMs), (order) => litmus.order(order, runId));
    },
  });

interface LitmusTarget {
  pods: readonly string[];
  container: string;
  lastsMs: number;
}

/** What all experiments of Litmus call it, on all pods at once. */
export const litmusTarget = ({ pods, container, lastsMs }: LitmusTarget): LitmusRun['variables'] => ({
  TARGET_PODS: pods.join(','),
  TARGET_CONTAINER: container,
  SEQUENCE: 'parallel',
  TOTAL_CHAOS_DURATION: String(Math.ceil(lastsMs / 1000)),
});

const litmusRights = [
  'get chaosexperiments.litmuschaos.io',
  ...['create', 'get', 'delete'].map((verb) => `${verb} chaosengines.litmuschaos.io`),
  ...['get', 'list', 'delete'].map((verb) => `${verb} chaosresults.litmuschaos.io`),
  'get serviceaccounts',
];

/** What shows it is read in pods, by a program that is started there each time. */
const askEveryMs = 1_000;

/** The tool's word is not enough: the platform has to show it too. */
async function provenTwice<Order>(
  kind: string,
  aimed: Aim<Order>,
  place: (order: Order) => Promise<Ordered>,
): Promise<Ordered> {
  if ('problems' in aimed) return aimed;
  const ordered = await place(aimed.order);
  if ('problems' in ordered)
    return { problems: ordered.problems.map((problem) => `${kind} cannot be done: ${problem}`) };
  const { change } = ordered;
  return {
    change: {
      ...change,
      askEveryMs,
      async evidence() {
        const told = await change.evidence();
        const seen = told && (await aimed.evidence());
        return seen && `${seen}; ${told}`;
      },
    },
  };
}
