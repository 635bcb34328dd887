import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.ts';
import { withClient } from './client.ts';
import type { Instance } from './instance.ts';
import { asUser, makePrivateFolder, writePrivate } from './operating-system.ts';
import { databaseName } from './topology.ts';

const run = promisify(execFile);

/** The roles of the cluster and their random passwords. */
export interface Passwords {
  postgres: string;
  /** Owns the shop's database. */
  shop: string;
  /** Reads everything, changes nothing. */
  auditor: string;
  replicator: string;
}

/** Creates the cluster's first server, with its roles and an empty database, and starts it. */
export async function createWriter(
  writer: Instance,
  dir: string,
  binaries: Binaries,
  passwords: Passwords,
): Promise<void> {
  await makePrivateFolder(binaries.user, writer.dataDir);
  const passwordFile = join(dir, 'password');
  await writePrivate(binaries.user, passwordFile, passwords.postgres);
  const options = [
    `--pgdata=${writer.dataDir}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-locale',
    '--wal-segsize=4',
    '--no-sync',
    '--no-instructions',
  ];
  await run(binaries.initdb, options, { cwd: dir, ...asUser(binaries.user) });
  await rm(passwordFile);
  await writer.configure({ upstream: null, quorum: false });
  await writer.start();

  await withClient({ ...writer.access, database: 'postgres' }, async (client) => {
    await client.query(`create role shop login password '${passwords.shop}'`);
    await client.query(`create role auditor login bypassrls password '${passwords.auditor}' in role pg_read_all_data`);
    await client.query(`create role replicator login replication password '${passwords.replicator}'`);
    await client.query(`create database ${databaseName} owner shop strategy file_copy`);
  });
}
