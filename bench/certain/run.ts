/**
 * How often a good shop gets no pass: whole drills, one after the other, with or without a noisy neighbour.
 * `node bench/certain/run.ts [--drill aurora-failover,node-loss] [--runs 20] [--neighbour on|off] [--profile smoke]
 * [--seed 1] [--reports reports/certain] [--json FILE]`. A smoke drill takes two minutes. It may be stopped at any time, and
 * resumes where it was when run again with the same options.
 */
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { invalid } from '../../src/model/errors.ts';
import { exitCodes } from '../../src/model/exit-codes.ts';
import { rootFolder, startOwnedNode, stopOwned } from '../../src/runtime/processes.ts';
import { shell } from '../../src/runtime/shell.ts';
import { type RunLine, readRuns, runOf } from './runs.ts';
import { describe, summarise } from './summary.ts';

const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const { values } = parseArgs({
  options: {
    drill: { type: 'string', default: 'aurora-failover' },
    runs: { type: 'string', default: '20' },
    neighbour: { type: 'string', default: 'on' },
    profile: { type: 'string', default: 'smoke' },
    seed: { type: 'string', default: '1' },
    reports: { type: 'string', default: join(rootFolder, 'reports', 'certain') },
    json: { type: 'string' },
  },
});
const { profile } = values;
const neighbour = onOrOff(values.neighbour);
const drills = values.drill.split(',');
const [runs, seed] = [wholeNumber('runs'), wholeNumber('seed')];
const cli = join(rootFolder, 'src', 'cli', 'main.ts');
const neighbourScript = join(import.meta.dirname, 'neighbour.ts');
const file = join(values.reports, 'runs.ndjson');
await mkdir(values.reports, { recursive: true });
let isStopped = false;
const ended = new AbortController();
// A terminal's Ctrl-C reaches the drill too, and a second signal would make it leave at once.
process.on('SIGINT', () => {
  isStopped = true;
});
process.on('SIGTERM', () => {
  isStopped = true;
  ended.abort();
});

let done = (await readRuns(file)).filter((one) => one.profile === profile && one.neighbour === neighbour);
// In turn, so that whatever happens on the machine affects all drills alike.
for (let run = 1; run <= runs; run += 1)
  for (const drill of drills) {
    if (isStopped || done.some((one) => one.drill === drill && one.run === run)) continue;
    const line = await drillOnce(drill, run);
    if (line === null) continue;
    await appendFile(file, `${JSON.stringify(line)}\n`);
    done = [...done, line];
    say(`${drill} ${run} of ${runs}: ${line.outcome} in ${(line.wallMs / 1000).toFixed(0)} s`);
  }

const rows = drills.map((drill) =>
  summarise(
    drill,
    done.filter((one) => one.drill === drill && one.run <= runs),
  ),
);
for (const row of rows) for (const line of describe(row)) say(line);
if (values.json) {
  await mkdir(dirname(values.json), { recursive: true });
  await writeFile(values.json, `${JSON.stringify({ profile, neighbour, runs, drills: rows }, null, 2)}\n`);
}
const isCertain = rows.every(
  ({ runs: ran, fail, inconclusive }) => ran === runs && fail === 0 && inconclusive <= runs / 20,
);
process.exitCode = isCertain ? exitCodes.pass : exitCodes.fail;

/** One drill as a user would run it; null when it was stopped. */
async function drillOnce(drill: string, run: number): Promise<RunLine | null> {
  const folder = join(values.reports, `${profile}-neighbour-${neighbour}`, String(run));
  await rm(join(folder, drill), { recursive: true, force: true });
  const noisy = neighbour === 'on' ? startOwnedNode(neighbourScript, [String(seed * 1_000 + run)]) : null;
  const startMs = performance.now();
  try {
    const started = shell({ stdio: ['ignore', 'ignore', 'inherit'], signal: ended.signal });
    const { exitCode } =
      await started`${process.execPath} ${cli} run ${drill} --profile ${profile} --reports ${folder}`;
    if (isStopped || exitCode === exitCodes.stopped) return null;
    if (exitCode === exitCodes.invalid) throw invalid(`${drill} could not be run`);
    const ran = { drill, run, profile, neighbour, wallMs: Math.round(performance.now() - startMs) };
    return await runOf(join(folder, drill, 'latest'), ran);
  } finally {
    if (noisy) await stopOwned(noisy, 'SIGTERM', 1_000);
  }
}

function wholeNumber(option: 'runs' | 'seed'): number {
  if (/^[1-9]\d{0,5}$/.test(values[option])) return Number(values[option]);
  throw invalid(`--${option} is ${values[option]}: it takes a whole number from 1 on`);
}

function onOrOff(value: string): 'on' | 'off' {
  if (value === 'on' || value === 'off') return value;
  throw invalid(`--neighbour is on or off, not ${value}`);
}
