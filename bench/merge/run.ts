/**
 * What the evidence of many pods costs this machine: reading their logs, merging what they wrote, judging it; and whether the
 * verdict is that of one k6.
 * `node bench/merge/run.ts [--pods 200] [--calls 1000000] [--folder FOLDER]`
 * A call takes 1.1 kB on disk until it is merged: 100 million need 110 GB.
 */
import { createReadStream } from 'node:fs';
import { cp, mkdtemp, readFile, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { shareOut } from '../../fixtures/evidence/share-out.ts';
import { Runner } from '../../src/load/runner.ts';
import { LogLines } from '../../src/platform/kubernetes/load/follow-log.ts';
import { shell } from '../../src/runtime/shell.ts';
import { writeBigRun } from '../judging/blow-up.ts';

interface Cost {
  wallMs: number;
  cpuMs: number;
  rssMb: number;
  result: string;
}

/** Until it is merged, and merged beside that. */
const bytesPerCall = 1_500;

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

const { values } = parseArgs({
  options: {
    pods: { type: 'string', default: '200' },
    calls: { type: 'string', default: '1000000' },
    folder: { type: 'string' },
  },
});
const [pods, asked] = [Number(values.pods), Number(values.calls)];
const folder = values.folder ?? (await mkdtemp(join(tmpdir(), 'tenfold-bench-')));
try {
  const { bavail, bsize } = await statfs(folder);
  const calls = Math.min(asked, Math.floor((bavail * bsize) / bytesPerCall / 1.5));
  if (calls < asked) say(`the disk has room for ${calls.toLocaleString('en-US')} calls`);
  process.exitCode = (await measure(calls)) ? 0 : 1;
} finally {
  if (values.folder === undefined) await rm(folder, { recursive: true, force: true });
}

async function measure(calls: number): Promise<boolean> {
  const [one, many] = [join(folder, 'one'), join(folder, 'many')];
  const written = await writeBigRun(one, calls);
  await cp(one, many, { recursive: true });
  await shareOut(join(many, 'evidence'), pods);
  say(`${written.toLocaleString('en-US')} calls, from ${pods} pods`);
  await tellIntake(join(many, 'evidence', 'k6-1.csv'));
  tell('merging', await cost('seal', many));
  tell('judging', await cost('judge-run', many));
  tell('one k6: sealing', await cost('seal', one));
  tell('one k6: judging', await cost('judge-run', one));
  const [ofMany, ofOne] = await Promise.all([many, one].map((run) => readFile(join(run, 'verdict.json'), 'utf8')));
  const same = ofMany === ofOne;
  say(`the verdict is ${same ? '' : 'NOT '}that of one k6, to the byte`);
  return same;
}

/** How fast a log is read and written down: one process does it for all pods. */
async function tellIntake(csv: string): Promise<void> {
  const stamp = Buffer.from('2026-11-28T16:00:00.000000000Z ');
  await using runner = new Runner(join(folder, 'intake.csv'), []);
  let lines = 0;
  const log = new LogLines((line) => {
    lines += 1;
    runner.take(line);
  });
  const stamped: Buffer[] = [];
  for await (const chunk of createReadStream(csv, { end: 30_000_000 }) as AsyncIterable<Buffer>) stamped.push(chunk);
  const text = Buffer.concat(stamped).toString().split('\n');
  const bytes = Buffer.from(text.map((line) => `${stamp}${line}`).join('\n'));
  log.begin();
  const [startMs, startCpu] = [performance.now(), process.cpuUsage()];
  for (let at = 0; at < bytes.length; at += 65_536) log.take(bytes.subarray(at, at + 65_536));
  await runner.close();
  const seconds = (performance.now() - startMs) / 1_000;
  const { user, system } = process.cpuUsage(startCpu);
  const cpuSeconds = (user + system) / 1_000_000;
  say(
    `  reading logs   ${(lines / seconds / 1_000).toFixed(0)} k lines/s, ${(bytes.length / seconds / 2 ** 20).toFixed(0)} MB/s; ${(lines / cpuSeconds / 1_000).toFixed(0)} k lines a second of CPU time`,
  );
}

function tell(name: string, { wallMs, cpuMs, rssMb, result }: Cost): void {
  say(
    `  ${name.padEnd(15)} ${(wallMs / 1000).toFixed(1)} s, ${(cpuMs / 1000).toFixed(1)} s of CPU time, ${rssMb.toFixed(0)} MB (${result})`,
  );
}

async function cost(what: 'seal' | 'judge-run', run: string): Promise<Cost> {
  const program = join(import.meta.dirname, '..', 'judging', 'one.ts');
  const { stdout } = await shell({ nothrow: false })`${process.execPath} ${program} ${what} ${run}`;
  return JSON.parse(stdout) as Cost;
}
