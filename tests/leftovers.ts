/** A separate place for processes started from outside, and what they leave behind; for tests and for `bench/crash`. */
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sleepMs } from '../src/runtime/clock.ts';
import { shell } from '../src/runtime/shell.ts';

/** Its reports and its temporary folder, and a mark on every process started from it. */
export interface Place extends AsyncDisposable {
  reports: string;
  temp: string;
  mark: string;
}

export async function makePlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'tenfold-e2e-'));
  // PostgreSQL's uid must be able to reach its data below here.
  await chmod(folder, 0o755);
  const temp = await mkdtemp(join(folder, 'tmp-'));
  await chmod(temp, 0o755);
  return {
    reports: join(folder, 'reports'),
    temp,
    mark: folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The environment variables of a place's processes. */
export const environmentOf = (place: Place): Record<string, string> => ({
  TMPDIR: place.temp,
  TENFOLD_TEST_MARK: place.mark,
  NO_COLOR: '1',
  // Whatever these tests run in, the job's page is not theirs.
  GITHUB_ACTIONS: '',
  GITHUB_STEP_SUMMARY: '',
  XDG_STATE_HOME: join(place.mark, 'state'),
});

/** A shell with a place's environment, plus the given one. */
export const shellOf = (place: Place, env: NodeJS.ProcessEnv = {}) =>
  shell({ env: { ...process.env, ...environmentOf(place), ...env } });

/** What a run left behind: processes with the place's mark, and what is in its temporary folder. */
export async function leftovers(place: Place): Promise<string[]> {
  const folders = (await readdir(place.temp)).map((name) => `folder ${name}`);
  return [...markedProcesses(place.mark).map(({ pid, command }) => `process ${pid} ${command}`), ...folders];
}

/** The same, after at most ten seconds: for processes that end by themselves once their owner has died. */
export async function leftoversAfterAWhile(place: Place): Promise<string[]> {
  for (let waitedMs = 0; waitedMs < 10_000; waitedMs += 250) {
    if ((await leftovers(place)).length === 0) return [];
    await sleepMs(250);
  }
  return await leftovers(place);
}

/** Linux shows every process's environment; elsewhere `ps` does, for one's own. */
export function markedProcesses(mark: string): { pid: number; command: string }[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => textOf(`/proc/${pid}/environ`).includes(`TENFOLD_TEST_MARK=${mark}`))
    .map((pid) => ({ pid: Number(pid), command: textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim() }));
}

/** The pid of a place's process whose command line holds a text. Throws when there is none. */
export function pidOf(place: Place, text: string): number {
  const found = markedProcesses(place.mark).find(({ command }) => command.includes(text));
  if (found === undefined) throw new Error(`no process of the drill has ${text} on its command line`);
  return found.pid;
}

/** A file's text; empty when it is gone. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // It ended meanwhile.
  }
}
