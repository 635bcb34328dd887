import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Facts } from '../../src/model/facts.ts';
import type { Outcome, Verdict } from '../../src/model/verdict.ts';

/** What is kept of a run: one line of JSON. */
export interface RunLine {
  drill: string;
  /** From 1. */
  run: number;
  profile: string;
  neighbour: 'on' | 'off';
  runId: string;
  outcome: Outcome;
  wallMs: number;
  /** Of the shop, from the injection; null where it did not recover, or had nothing to recover from. */
  recoveryMs: number | null;
  /** Over the phases whose latency is judged. */
  busyRatio: number | null;
  neighbourRatio: number | null;
  robbedSeconds: number;
  seconds: number;
  /** Those that did not pass. */
  findings: { id: string; outcome: Outcome | null; message: string }[];
}

/** Reads a run's folder. */
export async function runOf(
  folder: string,
  ran: Pick<RunLine, 'drill' | 'run' | 'profile' | 'neighbour' | 'wallMs'>,
): Promise<RunLine> {
  const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(folder, name), 'utf8'));
  const verdict = (await read('verdict.json')) as Verdict;
  const { run, host, recovery } = (await read('facts.json')) as Facts;
  const shop = recovery.find(({ path }) => path === 'shop');
  return {
    ...ran,
    runId: run.runId,
    outcome: verdict.outcome,
    recoveryMs: shop?.serviceRestoredMs ?? null,
    busyRatio: host.busyRatio,
    neighbourRatio: host.neighbourRatio,
    robbedSeconds: host.phases.reduce((sum, { robbedSeconds }) => sum + robbedSeconds, 0),
    seconds: host.phases.reduce((sum, { seconds }) => sum + seconds, 0),
    findings: verdict.findings
      .filter(({ outcome }) => outcome === 'fail' || outcome === 'inconclusive')
      .map(({ id, outcome, message }) => ({ id, outcome, message })),
  };
}

/** The runs so far. The last line may have been cut off when the bench was. */
export async function readRuns(file: string): Promise<RunLine[]> {
  if (!existsSync(file)) return [];
  const lines = (await readFile(file, 'utf8')).split('\n');
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as RunLine];
    } catch {
      return [];
    }
  });
}
