import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { counted, type Verdict, verdictSchema, worst } from '../src/model/verdict.ts';
import { sleepMs } from '../src/runtime/clock.ts';
import { rootFolder } from '../src/runtime/processes.ts';

/** A place of a test's own: its reports and its temporary folder, and a mark on every process started from it. */
export interface Place extends AsyncDisposable {
  reports: string;
  temp: string;
  mark: string;
}

export async function makePlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'tenfold-e2e-'));
  // PostgreSQL's uid must be able to get to its data below here.
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

/** Starts the command line as a person would, by way of its main file. */
export function startTenfold(place: Place, args: string[], env: Record<string, string> = {}) {
  return execa(process.execPath, [join(rootFolder, 'src', 'cli', 'main.ts'), ...args], {
    reject: false,
    stdin: 'ignore',
    env: {
      TMPDIR: place.temp,
      TENFOLD_TEST_MARK: place.mark,
      NO_COLOR: '1',
      XDG_STATE_HOME: join(place.mark, 'state'),
      ...env,
    },
  });
}

export const startDrill = (place: Place, args: string[], env: Record<string, string> = {}) =>
  startTenfold(place, ['run', 'aurora-failover', '--reports', place.reports, ...args], env);

/** The latest run of a drill below a place's reports: its folder and its verdict as stored. */
export async function theRun(place: Place, drill = 'aurora-failover'): Promise<{ folder: string; verdict: Verdict }> {
  const folder = join(place.reports, drill, 'latest');
  return { folder, verdict: JSON.parse(await readFile(join(folder, 'verdict.json'), 'utf8')) as Verdict };
}

/** What a run left behind: processes that carry the place's mark, and what is in its temporary folder. */
export async function leftovers(place: Place): Promise<string[]> {
  const folders = (await readdir(place.temp)).map((name) => `folder ${name}`);
  return [...markedProcesses(place.mark), ...folders];
}

/** The same, after at most ten seconds: for what ends by itself once its owner has died. */
export async function leftoversAfterAWhile(place: Place): Promise<string[]> {
  for (let waitedMs = 0; waitedMs < 10_000; waitedMs += 250) {
    if ((await leftovers(place)).length === 0) return [];
    await sleepMs(250);
  }
  return await leftovers(place);
}

/** Linux tells every process's environment; elsewhere `ps` does, for one's own. */
function markedProcesses(mark: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => textOf(`/proc/${pid}/environ`).includes(`TENFOLD_TEST_MARK=${mark}`))
    .map((pid) => `process ${pid} ${textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`);
}

/** The pid of a place's process whose command line holds a text. Throws when there is none. */
export function pidOf(place: Place, text: string): number {
  const line = markedProcesses(place.mark).find((process) => process.includes(text));
  if (line === undefined) throw new Error(`no process of the drill has ${text} on its command line`);
  return Number(line.split(' ')[1]);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // It ended meanwhile.
  }
}

/** Resolves once a process has said something on its stderr. */
export async function said(child: ReturnType<typeof startDrill>, text: string | RegExp): Promise<void> {
  let all = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      all += chunk.toString();
      if (typeof text === 'string' ? all.includes(text) : text.test(all)) resolve();
    });
    void child.then((result) =>
      reject(new Error(`it ended with ${result.exitCode} before it said ${text}:\n${result.stderr}`)),
    );
  });
}

export const findingOf = (verdict: Verdict, id: string) => verdict.findings.find((finding) => finding.id === id);

/**
 * Latency and failed calls are a matter of the host's CPU, and so is how soon pods start. The rest is not: that the
 * fault bit, that the shop came back, that no order, no session and no on-demand pod was lost, that nothing crashed.
 */
export function expectWhatHoldsOnAnyHost(verdict: Verdict, stderr: string): void {
  expect(verdictSchema.parse(verdict).status, stderr).toBe('completed');
  expect(verdict.outcome).toBe(worst(counted(verdict.findings)));
  if (verdict.fault !== null) expect(findingOf(verdict, 'fault-bit'), stderr).toMatchObject({ outcome: 'pass' });
  for (const id of ['orders.lost', 'orders.duplicated'])
    expect(findingOf(verdict, id), stderr).toMatchObject({ outcome: 'pass' });
  const failed = verdict.findings.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);
  expect(
    failed.filter((id) => !/^(latency|failures|refusal|autoscaling|pods-available)/.test(id)),
    stderr,
  ).toEqual([]);
}
