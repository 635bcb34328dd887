/**
 * What being watched costs a drill: the CPU time of a room with three viewers, which is given the very observations that a load
 * has just made, at their pace, beside the CPU time of that load: k6, the sentinel and tenfold itself. It runs in a process of its own: the
 * difference between two loads would drown in what differs between any two. What the viewers take is theirs. A real drill has its
 * platform's part as well, so the share that is told is higher than there.
 * `node bench/watch/run.ts [--rate 600] [--seconds 60] [--viewers 3]`. Linux only: it reads /proc.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findK6 } from '../../src/load/find-k6.ts';
import type { Observation } from '../../src/model/evidence.ts';
import { loadSpec } from '../../src/plan/make-plan.ts';
import { writeJson } from '../../src/runtime/files.ts';
import { startOwnedNode, stopOwned } from '../../src/runtime/processes.ts';
import { cpuOf } from '../load-side/cpu-of.ts';
import { planOf, runLoadSide } from '../load-side/load-side.ts';

/** What tenfold promises about itself. */
const maxShare = 0.02;
/** Often enough for the sum, and so seldom that looking does not drown what is looked for. */
const lookEveryMs = 1_000;
const say = (text: string): boolean => process.stdout.write(`${text}\n`);

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '600' },
    seconds: { type: 'string', default: '60' },
    viewers: { type: 'string', default: '3' },
  },
});
const plan = planOf(Number(values.rate), Number(values.seconds));
const k6 = await findK6(say);
const folder = await mkdtemp(join(tmpdir(), 'tenfold-bench-'));
const server = startOwnedNode(join(import.meta.dirname, '..', 'load-side', 'server.ts'), []);
try {
  const baseUrl = `http://127.0.0.1:${await firstLineOf(server)}`;
  const spec = loadSpec(plan, { runId: 'bench', baseUrl, tenants: ['t'], family: 4, looks: [] });
  const specFile = join(folder, 'load.json');
  await writeJson(specFile, spec);
  const observations: Observation[] = [];
  const side = { k6, plan, spec, specFile, folder, serverPid: server.pid };
  const drill = await cpuOf(
    () => runLoadSide({ ...side, listener: (observation) => observations.push(observation) }),
    (command) => command.includes('server.ts'),
    lookEveryMs,
  );
  const drillMs = [...drill.values()].reduce((sum, ms) => sum + ms, 0);
  const told = join(folder, 'observations.json');
  await writeJson(told, { plan, observations });
  const room = startOwnedNode(join(import.meta.dirname, 'room.ts'), [told, values.viewers]);
  const { openMs, allMs } = JSON.parse(await firstLineOf(room)) as { openMs: number; allMs: number };
  await room.ended;
  say(
    `  the load ${seconds(drillMs)} of CPU time: ${[...drill].map(([name, ms]) => `${name} ${seconds(ms)}`).join(', ')}`,
  );
  say(`  the room ${seconds(allMs)}, of which ${seconds(openMs)} to open it; ${observations.length} observations`);
  const share = allMs / drillMs;
  say(`${values.viewers} viewers cost ${(share * 100).toFixed(2)} % of it; at most ${maxShare * 100} %`);
  process.exitCode = share <= maxShare ? 0 : 1;
} finally {
  await stopOwned(server, 'SIGTERM', 1_000);
  await rm(folder, { recursive: true, force: true });
}

function firstLineOf({ stdout }: ReturnType<typeof startOwnedNode>): Promise<string> {
  return new Promise((resolve) => {
    stdout.once('data', (data: Buffer) => resolve(String(data).trim()));
  });
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
