import { mkdtempSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { exitCodes } from '../src/model/exit-codes.ts';
import { clusters } from './bad-input/cluster.ts';
import { commandLine } from './bad-input/command-line.ts';
import { config } from './bad-input/config.ts';
import { environment } from './bad-input/environment.ts';
import { exporting } from './bad-input/exports.ts';
import { history } from './bad-input/history.ts';
import { k3s } from './bad-input/k3s.ts';
import { platforms } from './bad-input/platform.ts';
import { lay, type Row } from './bad-input/row.ts';
import { objectivesFiles, runs } from './bad-input/runs.ts';
import { state } from './bad-input/state.ts';
import { leftovers, makePlace, type Place, startTenfold } from './harness.ts';
import { shellOf } from './leftovers.ts';

const kinds: [string, Row[]][] = [
  ['on the command line', commandLine],
  ['in a config', config],
  ['in the folder of a run', runs],
  ['in a file of objectives', objectivesFiles],
  ['among locks and journals', state],
  ['in the environment', environment],
  ['for the platform and the benches', platforms],
  ['for a k3s', k3s],
  ['for a cluster', clusters],
  ['in the history', history],
  ['for an export', exporting],
];

/** A screenful: enough for tenfold's whole help. */
const most = { lines: 50, characters: 4_096 };
/** Each message has one of these, or says what there is. */
const saysWhatToDo =
  /what to do: |\(--help |Allowed choices|[Dd]id you mean|It (is|must)|A reason is needed|there are|[Kk]nown: |choose one|name it|each of several|Commands:|Set TMPDIR|Name a new one|cannot be (used|kept)/;

// Each is a process of its own, and there may be only two cores.
vi.setConfig({ maxConcurrency: 2 });

/** Compiled code is shared: compiling takes half of their time. */
const compiled = mkdtempSync(join(tmpdir(), 'tenfold-compiled-'));
afterAll(async () => await rm(compiled, { recursive: true, force: true }));

async function start({ program, args, env }: Row, place: Place, folder: string) {
  // The way npm passes on where a command was typed, so that arguments may be relative.
  const typedIn = { INIT_CWD: folder, npm_lifecycle_event: 'tenfold', NODE_COMPILE_CACHE: compiled };
  if (program === undefined) return await startTenfold(place, args, { ...typedIn, ...env });
  return await shellOf(place, env)`${process.execPath} ${program} ${args}`;
}

describe.each(kinds)('what is wrong %s is told with what to do, and nothing is started:', (_, rows) => {
  test.concurrent.for(rows.map((row) => [row.what, row] as const))('%s', async ([, row], { expect }) => {
    await using place = await makePlace();
    const folder = join(place.mark, 'given');
    await lay(folder, row);
    const before = await readdir(folder, { recursive: true });
    const { exitCode, stdout, stderr } = await start(row, place, folder);
    expect(exitCode, `${stdout}\n${stderr}`).toBe(row.exitCode ?? exitCodes.invalid);
    expect(stderr).toMatch(row.says);
    expect(stderr, 'a stack').not.toMatch(/^\s+at .*[:(]/m);
    expect(stderr.length).toBeLessThan(most.characters);
    expect(stderr.trimEnd().split('\n').length).toBeLessThan(most.lines);
    expect(await leftovers(place)).toEqual([]);
    if (row.prints !== undefined) {
      // What can be judged is.
      expect(stdout).toMatch(row.prints);
      return;
    }
    expect(stdout).toBe('');
    expect(stderr).toMatch(saysWhatToDo);
    // Making the reports' folder is how tenfold finds out whether it can write them.
    const after = (await readdir(folder, { recursive: true })).filter((name) => name !== 'reports');
    expect(after).toEqual(before);
  });
});

test('every command has rows, no two of which are the same', () => {
  const all = kinds.flatMap(([, rows]) => rows);
  const commands = new Set(all.flatMap(({ args, program }) => (program === undefined ? args.slice(0, 1) : [])));
  const judging = ['analyze', 'compare'];
  const looking = ['list', 'describe', 'plan', 'doctor', 'history', 'trend', 'baseline'];
  for (const command of ['run', 'prove', 'init', 'stop', 'cleanup', 'unlock', ...judging, ...looking])
    expect(commands).toContain(command);
  expect(new Set(all.map(({ what }) => what)).size).toBe(all.length);
});
