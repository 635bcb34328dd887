/** What differs from Aurora in production, one sentence each, for a report. */
export function databaseFidelity(options: {
  dnsFlipDelayMs: number;
  quorumCommit: boolean;
  replicaLagMs: number;
}): string[] {
  return [
    `database failover: the writer's name moves ${options.dnsFlipDelayMs / 1_000} s after the promotion (Aurora: 15-40 s), once the old writer has been back as a reader for 1 s, after 8 s at most`,
    'database storage: three PostgreSQL servers with a copy of the data each, kept alike by streaming replication (Aurora: one shared volume)',
    options.quorumCommit
      ? 'database commits: acknowledged when one of two readers holds them (Aurora: four of six storage copies)'
      : `database commits: acknowledged by the writer alone, and the readers ${options.replicaLagMs} ms behind; a writer that is to fail over sends them nothing more until it has acknowledged orders: a failover loses orders (protection quorum-commit is off)`,
    'database crash: a server process is killed and clients are told (57P02); fsync is off, so a crash of the machine itself is not survived',
    'database in a zone without network: its server is frozen; the kernel takes new connections to it, which then hang (AWS: they are not answered at all)',
    'database in a zone without network: the cluster fails over when it is told to (Aurora: also by itself, when the writer has been unreachable for a while)',
    'database upkeep: no autovacuum, which would take its CPU from the shop beside it (Aurora: on a machine of its own)',
    'database names: SRV records, name and port, TTL 5 s (Aurora: CNAME records, TTL 5 s)',
    'database failover: connections to the promoted reader stay open and become writable (Aurora may drop them)',
  ];
}
