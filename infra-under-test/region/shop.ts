import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { PodSpec } from './compute/protocol.ts';
import { databaseName, readerName, writerName } from './database/topology.ts';
import type { MigrationAccess } from './database/types.ts';
import { RegionError } from './errors.ts';
import { logEnd } from './log-end.ts';
import { compileCache, programs, storefront } from './paths.ts';
import { labelOf, startNode } from './processes.ts';

/** The shop's tenants. */
export const tenants = ['north', 'south'];

/** How many orders the database holds, in SQL. */
export const countOrders = tenants.map((tenant) => `(select count(*) from tenant_${tenant}.orders)`).join(' + ');

export interface MigrationOptions {
  regionId: string;
  writer: MigrationAccess;
  /** Protections of the shop that are switched off. */
  without: string[];
  logFile: string;
}

/** Creates and fills the shop's tables. Throws RegionError with the end of its log when it cannot. */
export async function migrateShop({ regionId, writer, without, logFile }: MigrationOptions): Promise<void> {
  const migration = await startNode({
    name: 'migration of the shop',
    args: [storefront.migrate, labelOf(regionId)],
    env: {
      DB_HOST: writer.host,
      DB_PORT: String(writer.port),
      DB_NAME: writer.database,
      DB_USER: writer.superuser,
      DB_PASSWORD: writer.password,
      TENANTS: tenants.join(','),
      WITHOUT: without.join(','),
    },
    logFile,
  });
  const how = await migration.exited;
  if (how !== 'exit code 0')
    throw new RegionError(`The shop's database was not set up (${how}):\n${await logEnd(logFile)}`);
}

export interface ShopAccess {
  regionId: string;
  /** Of the database role `shop`. */
  password: string;
  /** host:port. */
  dnsServer: string;
  /** Protections of the shop that are switched off. */
  without: string[];
}

/**
 * How a node runs a pod of the shop.
 * @param isFirst it keeps its compiled code for all that start later. Only one does: when several start at once, each
 *   replaces the files of the others, which delayed all of them by three seconds
 */
export function podSpec(
  { name, zone, isFirst }: { name: string; zone: string; isFirst: boolean },
  { regionId, password, dnsServer, without }: ShopAccess,
): PodSpec {
  return {
    name,
    args: [
      ...(isFirst ? ['--import', pathToFileURL(programs.keepCompiled).href] : []),
      storefront.main,
      labelOf(regionId),
    ],
    env: {
      NODE_ENV: 'production',
      ...((isFirst || existsSync(compileCache)) && { NODE_COMPILE_CACHE: compileCache }),
      POD_NAME: name,
      ZONE: zone,
      PORT: '0',
      DNS_SERVER: dnsServer,
      DB_WRITER_NAME: writerName,
      DB_READER_NAME: readerName,
      DB_NAME: databaseName,
      DB_USER: 'shop',
      DB_PASSWORD: password,
      TENANTS: tenants.join(','),
      WITHOUT: without.join(','),
    },
  };
}
