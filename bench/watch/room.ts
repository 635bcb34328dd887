/**
 * A room and nothing else, fed with a drill's observations as they came, while others watch: `node room.ts FILE VIEWERS`. Prints the
 * CPU milliseconds that it took, from loading what a drill without it does not need to its end.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Observation } from '../../src/model/evidence.ts';
import type { Plan } from '../../src/model/plan.ts';
import { sleepMs } from '../../src/runtime/clock.ts';
import { startOwnedNode, stopOwned } from '../../src/runtime/processes.ts';

const [file = '', viewers = '3'] = process.argv.slice(2);
const { plan, observations } = JSON.parse(await readFile(file, 'utf8')) as { plan: Plan; observations: Observation[] };

// A drill has this loaded anyway.
await import('../../src/drill/run-drill.ts');
const before = process.cpuUsage();
const { openRoom } = await import('../../src/watch/room.ts');
const room = await openRoom(() => {});
const openMs = cpuMs();
room.begin(plan);
const watching = startOwnedNode(join(import.meta.dirname, 'viewers.ts'), [room.url, viewers]);
await new Promise((resolve) => watching.stdout.once('data', resolve));
const first = observations[0]?.atMs ?? 0;
const startMs = performance.now();
for (const observation of observations) {
  const waitMs = observation.atMs - first - (performance.now() - startMs);
  if (waitMs > 1) await sleepMs(waitMs);
  room.listener(observation);
}
await room[Symbol.asyncDispose]();
process.stdout.write(`${JSON.stringify({ openMs, allMs: cpuMs() })}\n`);
await stopOwned(watching, 'SIGTERM', 1_000);

function cpuMs(): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
