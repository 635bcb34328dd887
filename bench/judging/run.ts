/**
 * What judging costs, against DuckDB alone reading the same k6 file, how it grows with the requests, and what sealing costs.
 * `node bench/judging/run.ts [--calls 1000000] [--times 10] [--repeat 3] [--folder FOLDER]`
 * With `--times 100` it shows what 100 million cost, which needs 16 GB of disk and an hour, mostly to write them.
 */
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { shell } from '../../src/runtime/shell.ts';
import { writeBigRun } from './blow-up.ts';

interface Cost {
  wallMs: number;
  cpuMs: number;
  rssMb: number;
  result: string;
}

/** What tenfold promises about itself. */
const promised = {
  ratio: 1.2,
  rssMb: 1_024,
  growthPerTime: 1.1,
  most: { calls: 100_000_000, seconds: 300, rssMb: 4_096 },
};
/** A call takes about this much on disk, compressed. */
const bytesPerCall = 140;

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '1000000' },
    times: { type: 'string', default: '10' },
    repeat: { type: 'string', default: '3' },
    folder: { type: 'string' },
  },
});
const [calls, wanted, repeat] = [Number(values.calls), Number(values.times), Number(values.repeat)];
const folder = values.folder ?? (await mkdtemp(join(tmpdir(), 'tenfold-bench-')));
try {
  const { bavail, bsize } = await statfs(folder);
  const times = bavail * bsize > calls * wanted * bytesPerCall * 1.2 ? wanted : Math.ceil(wanted / 2);
  const small = await smallRun();
  const kept = [small.kept, ...(times > 1 ? [await bigRun(times, small.judge)] : [])];
  process.exitCode = kept.every(Boolean) ? 0 : 1;
} finally {
  if (values.folder === undefined) await rm(folder, { recursive: true, force: true });
}

/** The medians of both, taken in turns, so that other work on the machine affects both. */
async function smallRun(): Promise<{ judge: Cost; kept: boolean }> {
  const run = await sealedRun('run-1', calls);
  const costs: { duckdb: Cost; judge: Cost }[] = [];
  for (let round = 0; round < repeat; round += 1)
    costs.push({ duckdb: await one('duckdb', run), judge: await one('judge', run) });
  const [duckdb, judge] = [median(costs.map((cost) => cost.duckdb)), median(costs.map((cost) => cost.judge))];
  tell('DuckDB alone', duckdb);
  tell('judging', judge);
  const ratio = judge.wallMs / duckdb.wallMs;
  const cpuRatio = judge.cpuMs / duckdb.cpuMs;
  say(
    `ratio          ${ratio.toFixed(2)} of the time, ${cpuRatio.toFixed(2)} of the CPU time; at most ${promised.ratio}`,
  );
  say(`memory         ${judge.rssMb.toFixed(0)} MB; at most ${promised.rssMb}`);
  return { judge, kept: ratio <= promised.ratio && judge.rssMb <= promised.rssMb };
}

/** Whether what is promised about it is kept. */
async function bigRun(times: number, small: Cost): Promise<boolean> {
  const judge = await one('judge', await sealedRun(`run-${times}`, calls * times));
  tell('judging', judge);
  const growth = { wall: judge.wallMs / small.wallMs, cpu: judge.cpuMs / small.cpuMs };
  const atMost = times * promised.growthPerTime;
  say(
    `${times} times the requests: ${growth.wall.toFixed(1)} times the time, ${growth.cpu.toFixed(1)} times the CPU time; at most ${atMost.toFixed(1)}`,
  );
  const { most } = promised;
  if (calls * times < most.calls) return growth.wall <= atMost;
  say(`at most        ${most.seconds} s and ${most.rssMb} MB`);
  return growth.wall <= atMost && judge.wallMs <= most.seconds * 1_000 && judge.rssMb <= most.rssMb;
}

async function sealedRun(name: string, ofCalls: number): Promise<string> {
  const run = join(folder, name);
  const written = await writeBigRun(run, ofCalls);
  say(`${written.toLocaleString('en-US')} calls`);
  tell('sealing', await one('seal', run));
  return run;
}

function tell(name: string, { wallMs, cpuMs, rssMb, result }: Cost): void {
  say(
    `  ${name.padEnd(12)} ${(wallMs / 1000).toFixed(1)} s, ${(cpuMs / 1000).toFixed(1)} s of CPU time, ${rssMb.toFixed(0)} MB (${result})`,
  );
}

async function one(what: 'duckdb' | 'seal' | 'judge', run: string): Promise<Cost> {
  const { stdout } = await shell({
    nothrow: false,
  })`${process.execPath} ${join(import.meta.dirname, 'one.ts')} ${what} ${run}`;
  return JSON.parse(stdout) as Cost;
}

function median(list: Cost[]): Cost {
  return list.toSorted((a, b) => a.cpuMs - b.cpuMs)[Math.floor(list.length / 2)] as Cost;
}
