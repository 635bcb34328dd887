import { randomBytes } from 'node:crypto';

/** A run's id: sorts by time, unique on one machine, safe in file names and as a prefix of order keys. */
export function newRunId(atMs: number): string {
  const stamp = new Date(atMs).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return `${stamp}-${randomBytes(3).toString('hex')}`;
}
