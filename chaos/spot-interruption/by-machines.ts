import { cannotTell } from '../../src/model/errors.ts';
import type { Hands, LiveNode } from '../../src/model/facets.ts';
import type { ActiveFault, Way } from '../../src/model/fault.ts';
import { wallMsOf } from '../../src/model/span.ts';
import type { FacetsOf } from '../../src/platform/facets-of.ts';
import { nowMs, sleepMs } from '../../src/runtime/clock.ts';
import { tooManyNodes } from '../shared/blast-radius.ts';
import { awsDuration } from '../shared/duration.ts';
import { healthyAtMs } from '../shared/healthy-at.ts';
import { mostPodsFirst, readyPodsOn } from '../shared/pods.ts';
import { cutPower, expiryOf, healthyTimeoutMs, powerLimits, proveBy } from '../shared/power-cut.ts';
import { type WayContext, way } from '../shared/way.ts';

const againMs = 1_000;

interface Interruption {
  kind: string;
  nodes: 'one' | 'all';
  /** In AWS's format. */
  notice: string;
}

type Needed = 'machine-power' | 'node-inventory' | 'kubernetes-api';
type On = FacetsOf<Needed>;

/**
 * What becomes of a spot node and its pods: at the notice it is cordoned and drained, as a node termination handler or Karpenter does
 * it, by the Eviction API, which disruption budgets may hold up; when the notice is over its machine is off, drained or not.
 */
export const byMachines = (interruption: Interruption): Way =>
  way<Needed>({
    name: 'machines',
    requires: ['machine-power', 'node-inventory', 'kubernetes-api'],
    undo: 'the machines are switched on again and take pods again, and the drill waits until the platform is healthy',
    rights: [
      "the commands of the cluster's settings that switch machines off and on",
      'patch nodes',
      'create pods/eviction',
    ],
    limits: powerLimits,
    check: async ({ on }) => (await aim(on, interruption, 'rehearsal')).problems,
    inject: (context) => inject(context, interruption),
  });

async function aim({ cluster, kubernetes }: On, { kind, nodes }: Interruption, moment: 'rehearsal' | 'strike') {
  const inventory = await cluster.inventory();
  // One that is cordoned already would prove nothing.
  const spot = inventory.nodes.filter(
    ({ name, capacity, ready }) => capacity === 'spot' && ready && !kubernetes.isCordoned(name),
  );
  // Before the load there may be no pod above the base, and so none on spot nodes.
  const busy = spot.filter((node) => moment === 'rehearsal' || readyPodsOn(inventory, node).length > 0);
  const hit = nodes === 'all' ? spot : busy.sort(mostPodsFirst(inventory)).slice(0, 1);
  const none = `${kind} finds no target: no spot node ${spot.length > 0 ? 'runs a pod' : 'is ready'}`;
  return { hit, problems: busy.length === 0 ? [none] : tooManyNodes(kind, hit.length, inventory.nodes.length) };
}

async function inject(context: WayContext<Needed>, interruption: Interruption): Promise<ActiveFault> {
  const { on, signal, timeScale = 1 } = context;
  const { hit, problems } = await aim(on, interruption, 'strike');
  if (problems.length > 0) throw cannotTell(problems.join('\n'));
  const injectedAtMs = nowMs();
  const overAtMs = injectedAtMs + wallMsOf(awsDuration(interruption.notice), timeScale);
  const cordons = await Promise.all(hit.map((node) => cordon(context, node)));
  const over = new AbortController();
  const whileOn = AbortSignal.any([signal, over.signal]);
  const going = goWhenDue(context, hit, overAtMs, whileOn);
  going.catch(() => {});
  return {
    injectedAtMs,
    prove: (signal) =>
      proveBy(
        interruption.kind,
        async () =>
          hit.every(({ name }) => on.kubernetes.isCordoned(name))
            ? hit.map(({ name }) => `node ${name} was given notice: it takes no pods any more`).join('; ')
            : undefined,
        signal,
      ),
    async undo() {
      over.abort();
      const [gone] = await Promise.allSettled([going]);
      try {
        if (gone.status === 'fulfilled') await gone.value.takeBack();
      } finally {
        for (const uncordon of cordons) await uncordon();
      }
      // All is undone; but what was to be drilled did not happen.
      if (gone.status === 'rejected' && gone.reason !== over.signal.reason && !signal.aborted) throw gone.reason;
      return { revertedAtMs: await healthyAtMs(context, healthyTimeoutMs) };
    },
  };
}

/** Lets a node take no pods any more. @returns what lets it take pods again */
async function cordon(
  { on, willChange, atMostMs }: WayContext<Needed>,
  { name }: LiveNode,
): Promise<() => Promise<void>> {
  const { kubernetes } = on;
  const undone = willChange({ ...kubernetes.uncordonUndo(name), expiresAtMs: expiryOf(atMostMs) });
  await kubernetes.cordon(name);
  return async () => {
    await kubernetes.uncordon(name);
    undone();
  };
}

/** Drains nodes until their notice is over; then their machines are off. */
async function goWhenDue(context: WayContext<Needed>, nodes: LiveNode[], dueAtMs: number, signal: AbortSignal) {
  const due = new AbortController();
  const left = AbortSignal.any([signal, due.signal]);
  const { kubernetes } = context.on;
  // Whether they are drained by then or not, they go.
  if (kubernetes.drainsOnNotice) for (const node of nodes) drain(kubernetes, node, left).catch(() => {});
  await sleepMs(dueAtMs - nowMs(), signal);
  due.abort();
  return await cutPower(context, nodes);
}

/** Evicts the pods of a node, each as soon as disruption budgets allow it. An API server that is away is asked again. */
const drain = async (hands: Hands, { name }: LiveNode, signal: AbortSignal): Promise<unknown> =>
  await Promise.all(hands.podsOn(name).map((pod) => evict(hands, pod, signal)));

async function evict(hands: Hands, pod: string, signal: AbortSignal): Promise<void> {
  const failed = { evicted: false, retryAfterMs: againMs } as const;
  for (;;) {
    signal.throwIfAborted();
    const answer = await hands.evict(pod).catch(() => failed);
    if (answer.evicted) return;
    await sleepMs(answer.retryAfterMs, signal);
  }
}
