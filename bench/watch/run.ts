/**
 * What being watched costs a drill: the CPU time of tenfold's own process with three viewers, and without, each beside k6 and the
 * sentinel, in turns. What the viewers themselves take is theirs. The shop's part is not counted as the drill's, so the
 * share that is told is higher than that of a real drill.
 * `node bench/watch/run.ts [--rate 1000] [--seconds 60] [--viewers 3] [--repeat 3]`. Linux only: it reads /proc.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findK6 } from '../../src/load/find-k6.ts';
import type { Observation } from '../../src/model/evidence.ts';
import { loadSpec } from '../../src/plan/make-plan.ts';
import { nowMs } from '../../src/runtime/clock.ts';
import { writeJson } from '../../src/runtime/files.ts';
import { startOwnedNode, stopOwned } from '../../src/runtime/processes.ts';
import { openRoom } from '../../src/watch/room.ts';
import { cpuOf } from '../load-side/cpu-of.ts';
import { planOf, runLoadSide } from '../load-side/load-side.ts';

/** What tenfold promises about itself. */
const maxShare = 0.02;
/** Often enough for the sum, and so seldom that looking does not drown what is looked for. */
const lookEveryMs = 1_000;
const say = (text: string): boolean => process.stdout.write(`${text}\n`);

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '60' },
    viewers: { type: 'string', default: '3' },
    repeat: { type: 'string', default: '3' },
  },
});
const [rate, seconds, repeat] = [Number(values.rate), Number(values.seconds), Number(values.repeat)];
const plan = planOf(rate, seconds);
const k6 = await findK6(say);
const folder = await mkdtemp(join(tmpdir(), 'tenfold-bench-'));
const server = startOwnedNode(join(import.meta.dirname, '..', 'load-side', 'server.ts'), []);
try {
  const baseUrl = `http://127.0.0.1:${await firstLineOf(server)}`;
  const spec = loadSpec(plan, { runId: 'bench', baseUrl, tenants: ['t'], family: 4, looks: [] });
  const specFile = join(folder, 'load.json');
  await writeJson(specFile, spec);
  const drill = (listener: (observation: Observation) => void) =>
    runLoadSide({ k6, plan, spec, specFile, folder, serverPid: server.pid, listener });
  const isOther = (command: string) => command.includes('server.ts') || command.includes('viewers.ts');
  const rounds: { plainMs: number; watchedMs: number; allMs: number }[] = [];
  for (let round = 0; round < repeat; round += 1) {
    const plain = await cpuOf(() => drill(() => {}), isOther, lookEveryMs);
    const watched = await cpuOf(() => whileWatched(drill), isOther, lookEveryMs);
    const [plainMs = NaN, watchedMs = NaN] = [plain.get('harness'), watched.get('harness')];
    rounds.push({ plainMs, watchedMs, allMs: [...plain.values()].reduce((sum, ms) => sum + ms, 0) });
    say(
      `  harness ${s(plainMs)}, watched ${s(watchedMs)}, of ${s(rounds.at(-1)?.allMs ?? NaN)} with k6 and the sentinel`,
    );
  }
  const shares = rounds.map(({ plainMs, watchedMs, allMs }) => (watchedMs - plainMs) / allMs).sort((a, b) => a - b);
  const share = shares[Math.floor(shares.length / 2)] ?? NaN;
  const percent = (ratio: number) => `${(ratio * 100).toFixed(2)} %`;
  say(
    `${values.viewers} viewers cost ${percent(share)} of the drill's CPU time (${shares.map(percent).join(', ')}); at most ${percent(maxShare)}`,
  );
  process.exitCode = share <= maxShare ? 0 : 1;
} finally {
  await stopOwned(server, 'SIGTERM', 1_000);
  await rm(folder, { recursive: true, force: true });
}

/** With all that `--watch` does: the page is made, and people look at it from before the load on. */
async function whileWatched(drill: (listener: (observation: Observation) => void) => Promise<void>): Promise<void> {
  const before = process.cpuUsage();
  await using room = await openRoom(say);
  const { user, system } = process.cpuUsage(before);
  say(`  to open the room: ${s((user + system) / 1_000)}`);
  room.begin(plan);
  room.listener({ kind: 'step', atMs: nowMs(), step: 'traffic', state: 'started' });
  const viewers = startOwnedNode(join(import.meta.dirname, 'viewers.ts'), [room.url, String(values.viewers)]);
  await firstLineOf(viewers);
  await drill(room.listener);
  await stopOwned(viewers, 'SIGTERM', 1_000);
}

function firstLineOf({ stdout }: ReturnType<typeof startOwnedNode>): Promise<string> {
  return new Promise((resolve) => {
    stdout.once('data', (data: Buffer) => resolve(String(data).trim()));
  });
}

function s(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
