import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { counted, type Verdict, verdictSchema, worst } from '../src/model/verdict.ts';
import { rootFolder } from '../src/runtime/processes.ts';
import { type Place, shellOf } from './leftovers.ts';

export { leftovers, leftoversAfterAWhile, makePlace, type Place, pidOf } from './leftovers.ts';

/** Starts the command line as a user would, by its main file. */
export function startTenfold(place: Place, args: string[], env: Record<string, string> = {}) {
  const main = join(rootFolder, 'src', 'cli', 'main.ts');
  return shellOf(place, env)`${process.execPath} ${main} ${args}`;
}

export const startDrill = (place: Place, args: string[], env: Record<string, string> = {}) =>
  startTenfold(place, ['run', 'aurora-failover', '--reports', place.reports, ...args], env);

/** The latest run of a drill below a place's reports: its folder and its verdict as stored. */
export async function theRun(place: Place, drill = 'aurora-failover'): Promise<{ folder: string; verdict: Verdict }> {
  const folder = join(place.reports, drill, 'latest');
  return { folder, verdict: JSON.parse(await readFile(join(folder, 'verdict.json'), 'utf8')) as Verdict };
}

/** Resolves once a process has printed a text on its stderr. */
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
 * Latency and failed calls depend on the host's CPU, and so does how soon pods start. The rest does not: that the
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
