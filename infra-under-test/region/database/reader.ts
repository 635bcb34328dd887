import { execFile } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withClient } from './client.ts';
import type { Instance } from './instance.ts';
import { asUser, makePrivateFolder, type SystemUser, writePrivate } from './operating-system.ts';

const run = promisify(execFile);

/** Files of the running server, not of its data (PostgreSQL manual, 25.3.4: backing up the data directory). */
const leftOut = new Set([
  'postmaster.pid',
  'postmaster.opts',
  'postgresql.conf',
  'standby.signal',
  'backup_label',
  'tablespace_map',
]);
const leftEmpty = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);

/**
 * Makes an instance, which must be down, a reader of the writer: a fresh copy of the writer's data, taken while
 * the writer runs (the low-level backup API), started to follow it. Whatever the instance held is gone.
 */
export async function makeReader(
  reader: Instance,
  writer: Instance,
  user: SystemUser | null,
  quorum: boolean,
): Promise<void> {
  await rm(reader.dataDir, { recursive: true, force: true });
  await makePrivateFolder(user, reader.dataDir);
  const write = (name: string, text: string) => writePrivate(user, join(reader.dataDir, name), text);

  await withClient(writer.access, async (client) => {
    await client.query('select pg_backup_start($1, fast => true)', [`copy for ${reader.id}`]);
    await copyData(writer.dataDir, reader.dataDir, user);
    const { rows } = await client.query('select labelfile from pg_backup_stop(wait_for_archive => false)');
    await write('backup_label', rows[0].labelfile);
  });
  await write('standby.signal', '');
  await reader.configure({ upstream: writer, quorum });
  await reader.start();
}

async function copyData(from: string, to: string, user: SystemUser | null): Promise<void> {
  const names = (await readdir(from)).filter((name) => !leftOut.has(name));
  for (const name of names.filter((name) => leftEmpty.has(name))) await makePrivateFolder(user, join(to, name));
  const copied = names.filter((name) => !leftEmpty.has(name));
  try {
    await run('cp', ['-R', ...copied, to], { cwd: from, env: { ...process.env, LC_ALL: 'C' }, ...asUser(user) });
  } catch (error) {
    // Files that the running server removes in the meantime are not missed: the log replays their removal.
    const complaints = String((error as { stderr?: string }).stderr)
      .trim()
      .split('\n');
    if (!complaints.every((line) => line.endsWith('No such file or directory'))) throw error;
  }
}
