/**
 * A noisy neighbour: a process that takes one core at full speed in bursts, and ends when its stdin does.
 * `node bench/certain/neighbour.ts <seed>`
 */
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../scenarios/traffic/random.ts';
import { drawBursts } from './bursts.ts';

process.stdin.resume().once('end', () => process.exit());
for await (const burst of paced(drawBursts(seededRandom(Number(process.argv[2])), cpus().length))) burnFor(burst);

/** Waits for each burst's turn. CPU time that a burst did not get, because the machine was busy, is not made up for. */
async function* paced(bursts: Iterable<{ restMs: number; burstMs: number }>): AsyncGenerator<number> {
  for (const { restMs, burstMs } of bursts) {
    await sleep(restMs);
    yield burstMs;
  }
}

/** Runs for this long by the clock, not in CPU time: next to others it gets what the scheduler gives it. */
function burnFor(ms: number): void {
  for (const endMs = performance.now() + ms; performance.now() < endMs; );
}
