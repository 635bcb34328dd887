/**
 * What measuring costs on the load side: k6 with full evidence, the sentinel and the harness, against the same k6 with
 * the same script and schedule that writes nothing. CPU time, which other work on the machine hardly changes.
 * `node bench/load-side/run.ts [--rate 2000] [--seconds 30]`. Linux only: it reads /proc.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { liveCsvs } from '../../src/drill/evidence.ts';
import { followLoad } from '../../src/drill/follow-load.ts';
import { Recorder } from '../../src/drill/recorder.ts';
import { watchHost } from '../../src/drill/watch-host.ts';
import { findK6 } from '../../src/load/find-k6.ts';
import { runWorkers } from '../../src/load/run-workers.ts';
import { evidenceFiles } from '../../src/model/evidence.ts';
import type { Plan } from '../../src/model/plan.ts';
import { loadSpec } from '../../src/plan/make-plan.ts';
import { lanesOf } from '../../src/probe/lanes.ts';
import { startSentinel } from '../../src/probe/start-sentinel.ts';
import { writeJson } from '../../src/runtime/files.ts';
import { rootFolder, startOwnedNode, stopOwned } from '../../src/runtime/processes.ts';
import { shell } from '../../src/runtime/shell.ts';

/** What tenfold promises about itself. */
const maxRatio = 1.5;
/** Clock ticks of /proc/PID/stat, see proc(5). */
const msPerTick = 10;
const script = join(rootFolder, 'scenarios', 'traffic', 'black-friday.ts');
const say = (text: string): boolean => process.stdout.write(`${text}\n`);

const { values } = parseArgs({
  options: { rate: { type: 'string', default: '2000' }, seconds: { type: 'string', default: '30' } },
});
const [rate, seconds] = [Number(values.rate), Number(values.seconds)];
const plan: Plan = {
  drill: 'bench',
  title: 'Bench',
  target: 'loopback',
  profile: {
    name: 'bench',
    baselineRatePerSecond: rate,
    peakFactor: 1,
    baselineMs: 2_000,
    rampMs: 0,
    peakMs: Math.max(5_000, (seconds - 2) * 500),
    afterFaultMs: Math.max(5_000, (seconds - 2) * 500),
  },
  fault: { kind: 'none', summary: 'none' },
  without: [],
  objectives: { latency: [], recovery: [], errorBudget: { objective: 0.9995, windowDays: 30, maxBurnedRatio: 1 } },
  peakRatePerSecond: rate,
  loadDurationMs: seconds * 1_000,
  samples: [],
};

const k6 = await findK6(say);
const folder = await mkdtemp(join(tmpdir(), 'tenfold-bench-'));
const server = startOwnedNode(join(import.meta.dirname, 'server.ts'), []);
try {
  const port = await new Promise<string>((resolve) => {
    server.stdout.once('data', (data: Buffer) => resolve(String(data).trim()));
  });
  const spec = loadSpec(plan, {
    runId: 'bench',
    baseUrl: `http://127.0.0.1:${port}`,
    tenants: ['t'],
    family: 4,
    looks: [],
  });
  const specFile = join(folder, 'load.json');
  await writeJson(specFile, spec);
  const plain = await cpuOf(plainK6);
  const full = await cpuOf(fullLoadSide);
  const plainMs = plain.get('k6') ?? Number.NaN;
  const fullMs = [...full.values()].reduce((sum, ms) => sum + ms, 0);
  const perCall = (ms: number) => `${((ms / (rate * seconds)) * 1000).toFixed(0).padStart(5)} µs a request`;
  say(`CPU time at ${rate} requests/s for ${seconds} s, VUs ${spec.browseVus + spec.buyVus}`);
  say(`  plain k6            ${(plainMs / 1000).toFixed(1).padStart(6)} s  ${perCall(plainMs)}`);
  for (const [name, ms] of full)
    say(
      `  ${`tenfold: ${name}`.padEnd(19)} ${(ms / 1000).toFixed(1).padStart(6)} s  ${perCall(ms)}  ${((ms / fullMs) * 100).toFixed(0)} % of it`,
    );
  say(`  ratio               ${(fullMs / plainMs).toFixed(2)}; at most ${maxRatio}`);
  process.exitCode = fullMs <= plainMs * maxRatio ? 0 : 1;

  /** As a user would run it: k6's own defaults, no output but its summary. */
  async function plainK6(): Promise<void> {
    const env = { ...process.env, TENFOLD_LOAD_FILE: specFile };
    await shell({ env, stdio: 'ignore', nothrow: false })`${k6.path} run --quiet ${script}`;
  }

  /** What a drill runs while the load is on. */
  async function fullLoadSide(): Promise<void> {
    using recorder = new Recorder(folder, () => {});
    using _host = watchHost(recorder.emit, server.pid ?? null);
    const output = join(folder, evidenceFiles.probes);
    const lanes = lanesOf(spec.baseUrl, []);
    const told = { lanes, tenant: 't', family: 4 as const, timeoutMs: 2_000, output };
    const sentinel = await startSentinel(told, join(folder, 'sentinel.json'), () => {});
    const csvs = liveCsvs(folder);
    await using running = await runWorkers(k6, { script, spec, specFile, csvPaths: csvs });
    const generator = { version: k6.version, availableVus: spec.browseVus + spec.buyVus };
    const load = followLoad({
      k6: running,
      generator,
      csvPaths: csvs,
      plan,
      emit: recorder.emit,
      signal: new AbortController().signal,
      robbed: () => new Set(),
      onCalls: () => {},
      onPeak: () => {},
    });
    await load.ended;
    await sentinel[Symbol.asyncDispose]();
  }
} finally {
  await stopOwned(server, 'SIGTERM', 1_000);
  await rm(folder, { recursive: true, force: true });
}

/** CPU milliseconds of some work, by process: this one and those that it started in the meantime. */
async function cpuOf(work: () => Promise<void>): Promise<Map<string, number>> {
  const own = process.cpuUsage();
  const seen = new Map<string, { name: string; ms: number }>();
  const look = async () => {
    for (const child of await children()) if (child.pid !== String(server.pid)) seen.set(child.pid, child);
  };
  const timer = setInterval(() => void look(), 100);
  await work();
  clearInterval(timer);
  const { user, system } = process.cpuUsage(own);
  const byName = new Map<string, number>();
  for (const { name, ms } of seen.values()) byName.set(name, (byName.get(name) ?? 0) + ms);
  return byName.set('harness', (user + system) / 1000);
}

async function children(): Promise<{ pid: string; name: string; ms: number }[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      // After the name in brackets: state, parent, ..., utime and stime as the 12th and 13th.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(fields[1]) !== process.pid) return [];
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      const name = command.includes('sentinel') ? 'sentinel' : 'k6';
      return [{ pid, name, ms: (Number(fields[11]) + Number(fields[12])) * msPerTick }];
    }),
  );
  return found.flat();
}
