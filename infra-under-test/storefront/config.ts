import { getServers } from 'node:dns';
import { type Protection, protectionsWithout } from './protections.ts';

export interface Config {
  podName: string;
  zone: string;
  /** The address to listen on. */
  host: string;
  /** 0: any free port. */
  port: number;
  dnsServer: { host: string; port: number };
  writerName: string;
  readerName: string;
  database: { database: string; user: string; password: string };
  /** null: there is no Redis. */
  redisUrl: string | null;
  tenants: string[];
  paymentLatencyMs: number;
  /** How old an answer about the catalogue may be before the database is asked again. */
  catalogueFreshMs: number;
  logLevel: string;
  protections: Set<Protection>;
}

const tenantPattern = /^[a-z][a-z0-9_]{0,30}$/;

/** Tenant names from a comma-separated list. They become names of PostgreSQL schemas, hence the narrow alphabet. */
export function readTenants(list: string): string[] {
  const tenants = list
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const bad = tenants.filter((name) => !tenantPattern.test(name));
  if (bad.length > 0) throw new Error(`TENANTS has names that do not match ${tenantPattern}: ${bad.join(', ')}.`);
  if (tenants.length === 0) throw new Error('TENANTS must name at least one tenant.');
  return tenants;
}

/** The configuration of a pod. Throws one error that lists every problem, one per line. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const problems: string[] = [];
  const checked = <T>(read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch (error) {
      problems.push((error as Error).message);
      return otherwise;
    }
  };
  const required = (name: string) => checked(() => requireValue(env, name), '');
  const config: Config = {
    podName: required('POD_NAME'),
    zone: env.ZONE ?? '',
    host: env.HOST ?? '127.0.0.1',
    port: checked(() => readNumber(env, 'PORT', 0), 0),
    dnsServer: checked(() => readAddress(env.DNS_SERVER ?? systemDnsServer()), { host: '', port: 0 }),
    writerName: required('DB_WRITER_NAME'),
    readerName: required('DB_READER_NAME'),
    database: { database: required('DB_NAME'), user: required('DB_USER'), password: env.DB_PASSWORD ?? '' },
    redisUrl: checked(() => readRedisUrl(env.REDIS_URL), null),
    tenants: checked(() => readTenants(env.TENANTS ?? 'north,south'), []),
    paymentLatencyMs: checked(() => readNumber(env, 'PAYMENT_LATENCY_MS', 20), 0),
    catalogueFreshMs: checked(() => readNumber(env, 'CATALOGUE_FRESH_MS', 12_000), 0),
    logLevel: env.LOG_LEVEL ?? 'warn',
    protections: checked(() => protectionsWithout(env.WITHOUT ?? ''), new Set<Protection>()),
  };
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return config;
}

function requireValue(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set.`);
  return value;
}

function readNumber(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const value = Number(env[name] ?? otherwise);
  if (!Number.isInteger(value) || value < 0) throw new Error(`${name} must be a whole number, not ${env[name]}.`);
  return value;
}

/** The text is not told where it is wrong: it may hold a password. */
function readRedisUrl(text: string | undefined): string | null {
  if (!text) return null;
  if (!/^rediss?:$/.test(URL.parse(text)?.protocol ?? ''))
    throw new Error('REDIS_URL must be redis://host:port or rediss://.');
  return text;
}

/** The first of the system's, as in /etc/resolv.conf. */
function systemDnsServer(): string {
  const [server] = getServers().filter((address) => !address.includes(':'));
  if (server === undefined) throw new Error('DNS_SERVER is not set, and the system has none.');
  return `${server}:53`;
}

function readAddress(text: string): { host: string; port: number } {
  const match = /^(?<host>[^:]+):(?<port>\d+)$/.exec(text);
  if (!match?.groups) throw new Error(`DNS_SERVER must be host:port, not ${text}.`);
  return { host: match.groups.host as string, port: Number(match.groups.port) };
}
