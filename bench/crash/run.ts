/**
 * What a struck drill leaves: struck by kill -9 and every other signal, to npm, the harness, k6, the sentinel and the region, by
 * a full disk, by a closed output, and by the loss of the platform's API, at random moments of the life of drills of each kind.
 * `node bench/crash/run.ts [--rounds 100] [--others 40] [--seed 1] [--where attached,own-region,kept-region] [--victim harness,npm]
 * [--way SIGKILL,disk-full] [--mend next-drill,cleanup,expiry] [--reports reports/crash] [--json FILE]`. --rounds are those with
 * kill -9, --others all others; the options after them select among these. It may be stopped at any time, and resumes where it
 * was when run again with the same options. Full disks require root.
 */
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { invalid } from '../../src/model/errors.ts';
import { exitCodes } from '../../src/model/exit-codes.ts';
import { readJsonLines } from '../../src/runtime/files.ts';
import { rootFolder } from '../../src/runtime/processes.ts';
import { type RoundLine, runUntilStruck } from './round.ts';
import { drawRounds, mends, type Round, victims, ways, wheres, wordsOf } from './rounds.ts';
import { rowOf, rowsOf, tableOf } from './table.ts';
import { openVenue } from './venues.ts';

if (process.platform !== 'linux') throw invalid('what a drill leaves is looked for in /proc: this bench takes Linux');
const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '100' },
    others: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    where: { type: 'string', default: wheres.join() },
    victim: { type: 'string' },
    way: { type: 'string', default: ways.join() },
    mend: { type: 'string', default: mends.join() },
    reports: { type: 'string', default: join(rootFolder, 'reports', 'crash') },
    json: { type: 'string' },
  },
});
const [rounds, others, seed] = [wholeNumber('rounds'), wholeNumber('others'), wholeNumber('seed')];
const [chosenWheres, chosenWays, chosenMends] = [some('where', wheres), some('way', ways), some('mend', mends)];
const chosenVictims = values.victim === undefined ? undefined : some('victim', victims);
const wanted = drawRounds({ rounds, others, seed }).filter(
  ({ where, way, victim, mend }) =>
    chosenWheres.includes(where) &&
    chosenWays.includes(way) &&
    chosenMends.includes(mend) &&
    (chosenVictims === undefined || (victim !== null && chosenVictims.includes(victim))),
);
const file = join(values.reports, 'rounds.ndjson');
await mkdir(values.reports, { recursive: true });
const ended = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ended.abort());

let done = ((await readJsonLines(file)) as RoundLine[]).filter(({ round }) => wanted.some((one) => isSame(one, round)));
for (const where of chosenWheres) {
  const todo = wanted.filter((round) => round.where === where && !done.some((one) => isSame(one.round, round)));
  if (todo.length === 0 || ended.signal.aborted) continue;
  await using venue = await openVenue(where, values.reports);
  for (const round of todo) {
    if (ended.signal.aborted) break;
    const options = { venue, keepIn: join(values.reports, 'left'), signal: ended.signal };
    const line = await runUntilStruck(round, options).catch(unlessStopped);
    if (line === null) break;
    done = [...done, line];
    // A missed or skipped round may succeed another time.
    if (line.result === 'clean' || line.result === 'left') await appendFile(file, `${JSON.stringify(line)}\n`);
    say(`${wordsOf(round)}: ${line.result} (${(line.wallMs / 1_000).toFixed(0)} s)`);
    for (const what of line.left) say(`      ${what}`);
  }
}

const all = rowOf('all', done);
say(`\n${tableOf([...rowsOf(done), all])}`);
if (done.length < wanted.length) say(`${wanted.length - done.length} of ${wanted.length} rounds are still to come`);
if (values.json) {
  await mkdir(dirname(values.json), { recursive: true });
  await writeFile(
    values.json,
    `${JSON.stringify({ rounds, others, seed, all, kinds: rowsOf(done), lines: done }, null, 2)}\n`,
  );
}
process.exitCode = all.clean + all.skipped === wanted.length ? exitCodes.pass : exitCodes.fail;

function unlessStopped(error: unknown): null {
  if (ended.signal.aborted) return null;
  throw error;
}

function isSame(one: Round, other: Round): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function wholeNumber(option: 'rounds' | 'others' | 'seed'): number {
  if (/^\d{1,6}$/.test(values[option])) return Number(values[option]);
  throw invalid(`--${option} is ${values[option]}: it takes a whole number`);
}

function some<T extends string>(option: 'where' | 'victim' | 'way' | 'mend', known: readonly T[]): T[] {
  const names = (values[option] ?? '').split(',');
  const unknown = names.filter((name) => !(known as readonly string[]).includes(name));
  if (unknown.length === 0) return names as T[];
  throw invalid(`--${option} is ${known.join(', ')}, not ${unknown.join(', ')}`);
}
