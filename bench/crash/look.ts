/** What is left of a drill. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { verdictSchema } from '../../src/model/verdict.ts';
import { readJson } from '../../src/runtime/files.ts';
import type { Place } from '../../tests/leftovers.ts';
import { comesTrue } from './drill.ts';
import type { Family } from './family.ts';
import type { ToldRun } from './lies.ts';
import type { Venue } from './venues.ts';

/** For processes that end by themselves: ten seconds are enough. */
const patienceMs = 10_000;

/** npm's own compile cache, wherever it runs. */
const npmsOwn = 'node-compile-cache';

/** What is left, and what of the platform is not as it was before, after both have had their time. In words. */
export async function leftOf(place: Place, family: Family, venue: Venue): Promise<string[]> {
  let left: string[] = [];
  await comesTrue(async () => {
    left = await ownLeft(place, family);
    return left.length === 0;
  }, patienceMs);
  return [...left, ...(await changedOf(venue))];
}

async function ownLeft(place: Place, family: Family): Promise<string[]> {
  const below = async (folder: string) =>
    existsSync(folder) ? await readdir(folder, { recursive: true, withFileTypes: true }) : [];
  const state = (await below(join(place.mark, 'state'))).filter((entry) => entry.isFile());
  const temp = (await readdir(place.temp)).filter((name) => name !== npmsOwn);
  const drafts = (await readdir(place.reports).catch(() => [])).filter((name) => name.startsWith('.'));
  return [
    ...family.living(),
    ...family.openPorts(),
    ...state.map(({ parentPath, name }) => `state ${join(parentPath, name).slice(place.mark.length + 1)}`),
    ...temp.map((name) => `folder ${name}`),
    ...drafts.map((name) => `file ${name} among the reports`),
  ];
}

async function changedOf(venue: Venue): Promise<string[]> {
  let changed: string[] = [];
  await comesTrue(async () => {
    changed = await venue.changed();
    return changed.length === 0;
  }, venue.patienceMs);
  return changed;
}

/** What each run below a folder of reports says about itself. */
export async function toldRuns(reports: string): Promise<ToldRun[]> {
  const entries = existsSync(reports) ? await readdir(reports, { recursive: true, withFileTypes: true }) : [];
  const plans = entries.filter(({ name }) => name === 'drill.json');
  return await Promise.all(
    plans.map(async ({ parentPath }) => {
      const json = await readJson(join(parentPath, 'verdict.json')).catch(() => null);
      const verdict = verdictSchema.safeParse(json);
      return { name: parentPath.slice(reports.length + 1), verdict: verdict.success ? verdict.data : null };
    }),
  );
}
