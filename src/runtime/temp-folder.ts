import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './processes.ts';

/** Where evidence is judged; `cleanup` sweeps it too. */
export const judgingFolder = 'judging';

/** Of processes here alone: others may share the folder for temporary files, and their ids mean nothing. */
const prefixOf = (name: string): string => `tenfold-${name}-${hostname().replaceAll(/[^\w.]/g, '_')}-`;

/**
 * Makes a folder for temporary files of this process, which is gone when the process leaves, in the middle of whatever. What dead
 * ones left of that name is removed first.
 */
export function makeTempFolder(name: string): string {
  sweepTempFolders(name);
  const folder = mkdtempSync(join(tmpdir(), `${prefixOf(name)}${process.pid}-`));
  own.push(folder);
  if (own.length === 1) process.once('exit', () => own.forEach(remove));
  return folder;
}

const own: string[] = [];
const remove = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/** Removes the temporary folders of a name that dead processes left, as far as they may be. */
export function sweepTempFolders(name: string): void {
  const prefix = prefixOf(name);
  for (const one of namesIn(tmpdir())) {
    if (!one.startsWith(prefix)) continue;
    const pid = Number(/^\d+/.exec(one.slice(prefix.length))?.[0]);
    if (pid > 0 && !isAlive(pid)) remove(join(tmpdir(), one));
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
