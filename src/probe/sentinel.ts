/**
 * The sentinel: an open-loop prober in a process of its own, so that nothing the harness does delays it.
 * `node sentinel.ts SPEC_FILE`: probes until it is stopped, and hands over every probe (columns: probeColumns in
 * src/model/evidence.ts) and one SentinelTick per second, by its output.
 */
import { readFileSync } from 'node:fs';
import { type Lane, type SentinelTick, sentinelSpecSchema } from '../model/lane.ts';
import { nowMs } from '../runtime/clock.ts';
import { outputOf } from './outputs.ts';
import { openProber, type Prober } from './prober.ts';

const spec = sentinelSpecSchema.parse(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')));
const output = outputOf(spec, stop);
let rows = '';
// undici makes an error object for every connection it closes; nobody reads their stacks.
Error.stackTraceLimit = 0;

/**
 * What the system says when it has no descriptor, port or memory left for a probe; the same as for k6
 * (scenarios/traffic/contract.ts).
 */
const nothingLeft = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'EADDRINUSE', 'ENOBUFS', 'ENOMEM', 'EAGAIN']);
const startMs = nowMs() + 100;
const lanes = spec.lanes.map((lane, index) => ({
  lane,
  prober: openProber(lane, spec),
  // Lanes take turns within the interval, so that their probes do not come in bursts.
  offsetMs: (index * lane.intervalMs) / spec.lanes.length,
  next: 0,
}));
const inFlight = new Set<Promise<void>>();
const emptyTick = (): SentinelTick => ({ atMs: 0, lanes: {}, latenessMaxMs: 0, unsent: {}, firstServed: {} });
let tick = emptyTick();
/** Pods that have answered. A shop that never names two alike is not remembered without end. */
const served = new Set<string>();
const mostServed = 5_000;
let stopping = false;

/** Sends every probe whose time has come, late ones too: they stay keyed by when they should have been sent. */
function sendDue(): void {
  if (stopping) return;
  let nextDueMs = Number.POSITIVE_INFINITY;
  for (const each of lanes) {
    const dueMs = () => startMs + each.offsetMs + each.next * each.lane.intervalMs;
    for (; dueMs() <= nowMs(); each.next += 1) send(each.lane, each.prober, each.next, dueMs());
    nextDueMs = Math.min(nextDueMs, dueMs());
  }
  setTimeout(sendDue, Math.max(0, nextDueMs - nowMs()));
}

function send(lane: Lane, prober: Prober, number: number, intendedMs: number): void {
  const sentMs = nowMs();
  tick.latenessMaxMs = Math.max(tick.latenessMaxMs, sentMs - intendedMs);
  const probe = prober.probe(number).then(({ status, error, pod }) => {
    inFlight.delete(probe);
    if (lane.via === 'edge' && error === '' && pod !== undefined) noteServed(pod);
    if (nothingLeft.has(error)) {
      tick.unsent[error] = (tick.unsent[error] ?? 0) + 1;
      return;
    }
    const us = (ms: number) => Math.round(ms * 1000);
    rows +=
      `${lane.lane},${lane.path},${lane.via},${lane.replica},${lane.zone},${lane.connection},` +
      `${us(intendedMs)},${us(sentMs)},${us(nowMs())},${status},${error}\n`;
    tick.lanes[lane.lane] ??= { good: 0, failed: 0 };
    const counts = tick.lanes[lane.lane];
    if (counts) counts[error === '' ? 'good' : 'failed'] += 1;
  });
  inFlight.add(probe);
}

function noteServed(pod: string): void {
  if (served.has(pod) || served.size >= mostServed) return;
  served.add(pod);
  tick.firstServed[pod] = nowMs();
}

/** The rows left when it stops are written with the end: compressing them may take a while, and nothing may come after. */
function writeRows(): void {
  if (stopping) return;
  output.rows(rows);
  rows = '';
}

function sayTick(): void {
  if (stopping) return;
  tick.atMs = nowMs();
  output.tick(tick);
  tick = emptyTick();
}

/** Probes in flight are waited for, each bounded by its timeout, so that the last second is evidence too. */
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await Promise.all(inFlight);
  output.rows(rows);
  await output.end();
  process.exit(0);
}

process.on('SIGTERM', stop);
setInterval(sayTick, 1_000);
setInterval(writeRows, 500);
sendDue();
