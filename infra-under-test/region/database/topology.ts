/** The cluster's name for the RDS API, and the name of the database in it. */
export const clusterId = 'shop';
export const databaseName = 'shop';

/** One instance per zone; the first is the writer at the start. */
export const members = [
  { id: 'db-a', zone: 'local-1a' },
  { id: 'db-b', zone: 'local-1b' },
  { id: 'db-c', zone: 'local-1c' },
] as const;

export const writerName = '_postgresql._tcp.shop.cluster-local.region.internal';
export const readerName = '_postgresql._tcp.shop.cluster-ro-local.region.internal';

/** The DNS name of an instance's host. */
export const hostNameOf = (instanceId: string): string => `${instanceId}.region.internal`;

/** Where every instance listens. */
export const host = '127.0.0.1';
