/**
 * What judging costs, against DuckDB alone reading the same k6 file, and how that grows with the requests.
 * `node bench/judging/run.ts [--calls 1000000] [--times 10] [--repeat 3] [--folder FOLDER]`
 */
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { writeBigRun } from './blow-up.ts';

interface Cost {
  wallMs: number;
  cpuMs: number;
  rssMb: number;
  result: string;
}

/** What tenfold promises of itself. */
const promised = { ratio: 2, rssMb: 1_024, growthPerTime: 1.1 };
/** A call takes about this much on disk, compressed. */
const bytesPerCall = 125;

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
  const times = bavail * bsize > calls * wanted * bytesPerCall * 2 ? wanted : Math.ceil(wanted / 2);
  const small = await costs(calls, 1);
  const ratio = { wall: small.tenfold.wallMs / small.duckdb.wallMs, cpu: small.tenfold.cpuMs / small.duckdb.cpuMs };
  say(
    `ratio          ${ratio.wall.toFixed(2)} of the time, ${ratio.cpu.toFixed(2)} of the CPU time; at most ${promised.ratio}`,
  );
  say(`memory         ${small.tenfold.rssMb.toFixed(0)} MB; at most ${promised.rssMb}`);
  let ok = ratio.wall <= promised.ratio && small.tenfold.rssMb <= promised.rssMb;
  if (times > 1) {
    const big = await costs(calls * times, times);
    const growth = { wall: big.tenfold.wallMs / small.tenfold.wallMs, cpu: big.tenfold.cpuMs / small.tenfold.cpuMs };
    say(
      `${times} times the requests: ${growth.wall.toFixed(1)} times the time, ${growth.cpu.toFixed(1)} times the CPU time; at most ${(times * promised.growthPerTime).toFixed(1)}`,
    );
    ok &&= growth.wall <= times * promised.growthPerTime;
  }
  process.exitCode = ok ? 0 : 1;
} finally {
  if (values.folder === undefined) await rm(folder, { recursive: true, force: true });
}

/** The medians of both, taken in turns, so that what else the machine does falls on both. */
async function costs(ofCalls: number, times: number): Promise<{ duckdb: Cost; tenfold: Cost }> {
  const run = join(folder, `run-${times}`);
  const written = await writeBigRun(run, ofCalls);
  const [duckdb, tenfold]: [Cost[], Cost[]] = [[], []];
  for (let round = 0; round < (times === 1 ? repeat : 1); round += 1) {
    duckdb.push(await one('duckdb', run));
    tenfold.push(await one('tenfold', run));
  }
  const both = { duckdb: median(duckdb), tenfold: median(tenfold) };
  say(`${written.toLocaleString('en-US')} calls`);
  for (const [name, cost] of Object.entries(both))
    say(
      `  ${name === 'duckdb' ? 'DuckDB alone' : 'judging'.padEnd(12)} ${(cost.wallMs / 1000).toFixed(1)} s, ${(cost.cpuMs / 1000).toFixed(1)} s of CPU time, ${cost.rssMb.toFixed(0)} MB (${cost.result})`,
    );
  return both;
}

async function one(what: 'duckdb' | 'tenfold', run: string): Promise<Cost> {
  const { stdout } = await execa(process.execPath, [join(import.meta.dirname, 'one.ts'), what, run]);
  return JSON.parse(stdout) as Cost;
}

function median(list: Cost[]): Cost {
  return list.toSorted((a, b) => a.cpuMs - b.cpuMs)[Math.floor(list.length / 2)] as Cost;
}
