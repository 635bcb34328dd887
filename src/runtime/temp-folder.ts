import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './processes.ts';

/** Where evidence is judged; `cleanup` sweeps it too. */
export const judgingFolder = 'judging';

/** Only for processes on this machine: others may share the folder for temporary files, and their PIDs mean nothing here. */
const prefixOf = (name: string): string => `tenfold-${name}-${hostname().replaceAll(/[^\w.]/g, '_')}-`;

/**
 * Makes a folder for this process's temporary files, which is removed when the process exits, whatever it is doing. First removes
 * what dead processes left under that name.
 */
export function makeTempFolder(name: string): string {
  sweepTempFolders(name);
  const folder = mkdtempSync(join(tmpdir(), `${prefixOf(name)}${process.pid}-`));
  own.push(folder);
  if (own.length === 1) process.once('exit', () => own.forEach(remove));
  return folder;
}

const own: string[] = [];

/** Leaves what cannot be removed, such as another user's folder. */
function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Somebody who may remove it will, with the same command.
  }
}

/** Removes the temporary folders of a name that dead processes left, as far as this user may. */
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
