import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a run's place in the history is made of. */
export const runFileNames = ['verdict.json', 'facts.json', 'plan.json'] as const;

/** A run's folder, and what tells whether anything in it that is read has changed. */
export interface FoundRun {
  /** Below the folder of reports. */
  folder: string;
  stamp: string;
}

/** `<drill>/<run>`, `prove/<matrix>/runs/<drill>/<run>`, and the same in a folder of somebody's own. */
const deepest = 6;

/** Copies of runs, which a review keeps beside what it decided by them. */
const reviewEvidence = /(^|\/)review\/[^/]+\/evidence$/;

/** All run folders below a folder of reports, in the order of their names; `latest`, drafts and a review's copies are none. */
export function findRuns(reports: string, below = '', depth = 1): FoundRun[] {
  return foldersIn(join(reports, below)).flatMap((name) => {
    const folder = below === '' ? name : `${below}/${name}`;
    if (reviewEvidence.test(folder)) return [];
    const stamp = stampOf(join(reports, folder));
    if (stamp !== null) return [{ folder, stamp }];
    return depth < deepest ? findRuns(reports, folder, depth + 1) : [];
  });
}

/** A file that is replaced, or written into, has another size or time. null: none of them is there. */
function stampOf(folder: string): string | null {
  const stamps = runFileNames.map((name) => statOf(join(folder, name)));
  return stamps.every((stamp) => stamp === null) ? null : stamps.join(' ');
}

function statOf(path: string): string | null {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found === undefined ? null : `${found.size}:${found.mtimeMs}`;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

function foldersIn(folder: string): string[] {
  const isFolder = (entry: Dirent): boolean => entry.isDirectory() && !entry.name.startsWith('.');
  return entriesOf(folder)
    .filter(isFolder)
    .map(({ name }) => name)
    .sort();
}

/** One that is gone meanwhile, or may not be read, holds no runs. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
