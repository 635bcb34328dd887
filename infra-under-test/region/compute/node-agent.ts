/**
 * A node: runs the pods that the control API assigns to it, as a kubelet does, and reports how they are.
 * It leads a process group, pods included: killing the group is losing the node, SIGSTOP freezes it.
 * REGION_TOKEN, in its environment, proves to the control API that it belongs to the region.
 */
import { Agent, request } from 'node:http';
import { parseArgs } from 'node:util';
import { scaled } from '../constants.ts';
import { onOwnerGone } from '../lifeline.ts';
import { giveWay } from './cpu-share.ts';
import { cpuTimesMs } from './cpu-time.ts';
import { Pod } from './pod.ts';
import type { Assignment, Capacity, Heartbeat } from './protocol.ts';

const { values } = parseArgs({
  options: {
    region: { type: 'string' },
    control: { type: 'string', default: '' },
    node: { type: 'string', default: '' },
    zone: { type: 'string', default: '' },
    capacity: { type: 'string', default: 'on-demand' },
  },
});
const connections = new Agent({ keepAlive: true, maxSockets: 1 });
const pods = new Map<string, Pod>();
/** null: as whoever started the node has set it. */
let givesWay: boolean | null = null;
let news = Promise.withResolvers<void>();
let stopping = false;

onOwnerGone(dieWithPods);
process.once('SIGTERM', () => void stop());
process.on('SIGINT', () => {});

for (;;) {
  news = Promise.withResolvers<void>();
  const assignment = await beat();
  if (assignment && !stopping) apply(assignment);
  if (assignment) await shareCpu(assignment.open);
  const timer = setTimeout(news.resolve, scaled.heartbeatInterval.ms);
  await news.promise;
  clearTimeout(timer);
}

/** Starts assigned pods that are missing, stops pods that are not assigned. */
function apply(assignment: Assignment): void {
  const assigned = new Set(assignment.pods.map(({ name }) => name));
  for (const pod of pods.values()) {
    if (!assigned.has(pod.name) && pod.status.phase !== 'stopping') void remove(pod);
  }
  for (const spec of assignment.pods) {
    if (!pods.has(spec.name)) pods.set(spec.name, new Pod(spec, () => news.resolve()));
  }
}

/** In production nodes and pods start on machines of their own; here they would take CPU from those that serve. */
async function shareCpu(open: boolean): Promise<void> {
  const serves = [...pods.values()].some(({ status }) => status.ready || status.phase === 'stopping');
  const mustGiveWay = open && !serves;
  if (mustGiveWay !== givesWay && (await giveWay('self', mustGiveWay))) givesWay = mustGiveWay;
}

async function remove(pod: Pod): Promise<void> {
  await pod.stop(scaled.deregistrationWait.ms);
  pods.delete(pod.name);
  news.resolve();
}

/** One heartbeat; undefined when the control API is away: the pods then stay as they are. */
async function beat(): Promise<Assignment | undefined> {
  const cpuTimes = await cpuTimesMs([...pods.values()].flatMap(({ pid }) => (pid === undefined ? [] : [pid])));
  const heartbeat: Heartbeat = {
    node: values.node,
    zone: values.zone,
    capacity: values.capacity as Capacity,
    atMs: performance.now(),
    pods: [...pods.values()].map(({ status, pid }) => ({ ...status, cpuMs: cpuTimes.get(pid ?? 0) ?? null })),
  };
  return await new Promise((resolve) => {
    const outgoing = request(`${values.control}/heartbeats`, {
      method: 'POST',
      agent: connections,
      signal: AbortSignal.timeout(1_000),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${process.env.REGION_TOKEN}` },
    });
    outgoing.on('error', () => resolve(undefined));
    outgoing.on('response', async (response) => {
      try {
        const text = (await response.toArray()).join('');
        resolve(response.statusCode === 200 ? JSON.parse(text) : undefined);
      } catch {
        resolve(undefined);
      }
    });
    outgoing.end(JSON.stringify(heartbeat));
  });
}

async function stop(): Promise<never> {
  stopping = true;
  await Promise.all([...pods.values()].map((pod) => pod.stop()));
  process.exit(0);
}

function dieWithPods(): void {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.exit(0);
  }
}
