import { host } from './topology.ts';

/** What an instance needs to know about itself and its peers. */
export interface InstanceSettings {
  id: string;
  port: number;
  /** One of these must hold a commit before it is acknowledged; empty: commits wait for no reader. */
  quorum: readonly string[];
  /** Where a reader receives its changes from; ignored by a writer. */
  upstream: { port: number; password: string } | null;
}

/** The text of an instance's postgresql.conf. */
export function postgresqlConf({ id, port, quorum, upstream }: InstanceSettings): string {
  const standbys = quorum.length > 0 ? `ANY 1 (${quorum.map((peer) => `"${peer}"`).join(', ')})` : '';
  const conninfo = upstream
    ? `host=${host} port=${upstream.port} user=replicator password=${upstream.password} application_name=${id} connect_timeout=2`
    : '';
  const settings = {
    cluster_name: id,
    listen_addresses: host,
    port,
    unix_socket_directories: '',
    max_connections: 200,
    password_encryption: 'scram-sha-256',

    shared_buffers: '48MB',
    // One kernel: workers that wait for a disk gain nothing. And memory that a killed server cannot leave behind.
    io_method: 'sync',
    dynamic_shared_memory_type: 'mmap',
    max_logical_replication_workers: 0,
    jit: 'off',

    // Processes crash here, machines do not: data that the kernel has is safe.
    fsync: 'off',
    synchronous_commit: 'on',
    synchronous_standby_names: standbys,
    // A crash ends the server, as on Aurora where the failover takes its place.
    restart_after_crash: 'off',

    wal_level: 'replica',
    max_wal_senders: 10,
    wal_keep_size: '256MB',
    max_wal_size: '512MB',
    checkpoint_timeout: '15min',
    // New statistics would make all connections replan their statements at once, on the CPU that the shop shares.
    autovacuum: 'off',
    wal_sender_timeout: '5s',
    hot_standby: 'on',
    hot_standby_feedback: 'on',
    primary_conninfo: conninfo,
    wal_receiver_timeout: '5s',
    wal_receiver_status_interval: '1s',
    wal_retrieve_retry_interval: '100ms',

    default_text_search_config: 'pg_catalog.english',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    log_line_prefix: '%m [%p] ',
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${value}'\n`)
    .join('');
}
