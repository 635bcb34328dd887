import { spawnSync } from 'node:child_process';

/** Whether another user can change into a folder; only root may ask. Throws when it cannot be tried. */
export function canEnter(folder: string, user: { uid: number; gid: number }): boolean {
  const tried = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { cwd: '/', stdio: 'ignore', ...user });
  if (tried.error) throw tried.error;
  return tried.status === 0;
}
