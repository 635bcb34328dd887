import type { CoreV1Event, V1EndpointSlice, V1Lease, V1Node, V1Pod } from '@kubernetes/client-node';
import type { ReplicaStep, Sighting } from '../../model/sightings.ts';
import { nowMs } from '../../runtime/clock.ts';
import { conditionMs, conditionOf, instantMs, nodeIsReady, podIsOver } from './objects.ts';
import type { Watches } from './watches.ts';
import { isOfWorkload, type Workload } from './workload.ts';

/** What an object says of a step, and since when by the API's time. */
interface Told {
  step: ReplicaStep;
  toldMs: number | null;
}

/**
 * Records how the workload's pods come and go, and how their nodes fall silent: each step once, as it is first heard of. The API's own
 * times have whole seconds, so that they are kept only as the earliest that it can have been.
 */
export function recordSightings(workload: Workload, watches: Watches): readonly Sighting[] {
  const recorded: Sighting[] = [];
  recordNodes(watches, recorded);
  recordPods(workload, watches, recorded);
  return recorded;
}

/** A node is silent from the last time on that it renewed its lease, which is of interest once it is not ready. */
function recordNodes({ nodes, leases }: Watches, recorded: Sighting[]): void {
  const heardAtMs = new Map<string, number>();
  leases.onChange(({ metadata }, change) => {
    if (change === 'seen') heardAtMs.set(metadata?.name ?? '', nowMs());
    else heardAtMs.delete(metadata?.name ?? '');
  });
  const ready = new Set(nodes.all().filter(nodeIsReady).map(nameOf));
  nodes.onChange((node, change) => {
    const of = nameOf(node);
    if (change === 'seen' && nodeIsReady(node)) ready.add(of);
    else if (ready.delete(of)) {
      const renewedMs = renewedAtMs(leases.all().find((lease) => nameOf(lease) === of));
      const lastHeardMs = heardAtMs.get(of) ?? renewedMs;
      const about = { of, node: of };
      if (lastHeardMs !== null)
        recorded.push({ ...about, atMs: lastHeardMs, step: 'silent', source: 'watch of leases', toldMs: renewedMs });
      const toldMs = change === 'gone' ? null : conditionMs(node, 'Ready');
      recorded.push({ ...about, atMs: nowMs(), step: 'not-ready', source: 'watch of nodes', toldMs });
    }
  });
}

function recordPods(workload: Workload, { pods, events, endpointSlices }: Watches, recorded: Sighting[]): void {
  /** What was told of each pod that there is, by its uid. */
  const known = new Map<string, { pod: V1Pod; told: Set<string> }>();
  /** What was so before is known, and not told. */
  let isNews = false;
  const tell = (uid: string, { step, toldMs }: Told, source: string) => {
    const { pod, told } = known.get(uid) ?? {};
    if (!pod || !told || told.has(step)) return;
    told.add(step);
    const { nodeName: node = null } = pod.spec ?? {};
    if (isNews) recorded.push({ atMs: nowMs(), step, of: nameOf(pod), node, source, toldMs });
  };
  const tellEvent = (event: CoreV1Event) => {
    const { uid = '', fieldPath = '' } = event.involvedObject;
    const { pod, told } = known.get(uid) ?? {};
    const step = eventSteps[event.reason ?? ''];
    if (!pod || !told || !step || !fieldPath.startsWith('spec.containers{')) return;
    told.add(`${step} ${fieldPath}`);
    const containers = (pod.spec?.containers ?? []).map(({ name }) => `${step} spec.containers{${name}}`);
    if (containers.every((container) => told.has(container)))
      tell(uid, { step, toldMs: eventMs(event) }, `event ${event.reason}`);
  };
  const tellSlice = (slice: V1EndpointSlice) => {
    for (const uid of servingIn(slice)) tell(uid, { step: 'endpoint', toldMs: null }, 'watch of EndpointSlices');
  };
  const tellPod = (pod: V1Pod) => {
    const uid = pod.metadata?.uid ?? '';
    const before = known.get(uid);
    known.set(uid, { pod, told: before?.told ?? new Set() });
    for (const step of stepsOf(pod)) tell(uid, step, 'watch of pods');
    if (before) return;
    // Each kind has a watch of its own: what others told of the pod may have come before it.
    for (const event of events.all()) if (event.involvedObject.uid === uid) tellEvent(event);
    for (const slice of endpointSlices.all()) tellSlice(slice);
  };
  for (const pod of pods.all()) if (isOfWorkload(workload, pod)) tellPod(pod);
  isNews = true;
  events.onChange((event, change) => change === 'seen' && tellEvent(event));
  endpointSlices.onChange((slice, change) => change === 'seen' && tellSlice(slice));
  pods.onChange((pod, change) => {
    if (!isOfWorkload(workload, pod)) return;
    tellPod(pod);
    if (change === 'seen') return;
    const uid = pod.metadata?.uid ?? '';
    tell(uid, { step: 'evicted', toldMs: null }, 'watch of pods');
    known.delete(uid);
  });
}

/** What the kubelet tells of each container. */
const eventSteps: Record<string, ReplicaStep> = { Pulled: 'image', Started: 'started' };

/** What a pod has been through, as it says itself. */
function stepsOf(pod: V1Pod): Told[] {
  const { creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds = 0 } = pod.metadata ?? {};
  const deletedMs = instantMs(deletionTimestamp);
  const startedMs = (pod.status?.containerStatuses ?? []).map(({ state }) => instantMs(state?.running?.startedAt));
  const isStarted = startedMs.length > 0 && startedMs.every((atMs) => atMs !== null);
  return [
    { step: 'created', toldMs: instantMs(creationTimestamp) },
    ...(conditionIsTrue(pod, 'PodScheduled')
      ? [{ step: 'scheduled', toldMs: conditionMs(pod, 'PodScheduled') } as const]
      : []),
    ...(isStarted ? [{ step: 'started', toldMs: Math.max(...startedMs.map((atMs) => atMs ?? 0)) } as const] : []),
    ...(conditionIsTrue(pod, 'Ready') ? [{ step: 'ready', toldMs: conditionMs(pod, 'Ready') } as const] : []),
    // The time that stands there is when its grace will be over.
    ...(deletedMs !== null
      ? [{ step: 'evicted', toldMs: deletedMs - deletionGracePeriodSeconds * 1_000 } as const]
      : []),
    ...(podIsOver(pod) && deletedMs === null ? [{ step: 'evicted', toldMs: null } as const] : []),
  ];
}

/** The pods, by uid, that a slice sends requests to. A service may publish the address of a pod before it is ready. */
const servingIn = ({ endpoints }: V1EndpointSlice): string[] =>
  // Of an empty slice the API says null.
  (endpoints ?? []).flatMap(({ targetRef, conditions }) =>
    targetRef?.uid && conditions?.ready !== false && conditions?.serving !== false ? [targetRef.uid] : [],
  );

const nameOf = ({ metadata }: V1Node | V1Pod | V1Lease): string => metadata?.name ?? '';

const conditionIsTrue = (of: V1Pod, type: string): boolean => conditionOf(of, type)?.status === 'True';

const renewedAtMs = (lease: V1Lease | undefined): number | null => instantMs(lease?.spec?.renewTime);

const eventMs = ({ eventTime, firstTimestamp }: CoreV1Event): number | null => instantMs(eventTime ?? firstTimestamp);
