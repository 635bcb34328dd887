/** The way to a shop, the same for everything that asks it: docs/decisions/0011-one-way.md says why. */
import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { connect, isIP, type LookupFunction } from 'node:net';
import { createSecureContext, getCACertificates } from 'node:tls';
import type { buildConnector } from 'undici';
import { dnsTtlMs, type Family } from '../model/load-spec.ts';
import { nowMs } from './clock.ts';

/** Whose certificates are trusted: Node's own list, the system's with SSL_CERT_FILE and SSL_CERT_DIR, and NODE_EXTRA_CA_CERTS. */
export const authorities = (): string[] => [
  ...new Set((['bundled', 'system', 'extra'] as const).flatMap((kind) => getCACertificates(kind))),
];

const proxyVariables = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'];

/** Variables that name a proxy, which is not used: it would be measured instead of the shop. */
export const unusedProxies = (environment: Record<string, string | undefined> = process.env): string[] =>
  proxyVariables.filter((name) => environment[name]);

/** Whether a URL's host is this machine, by whatever name. */
export async function isThisMachine(url: string): Promise<boolean> {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const found = await lookup(host, { all: true }).catch((): LookupAddress[] => []);
  return found.length > 0 && found.every(({ address }) => /^(127\.|::1$|::ffff:127\.|0\.0\.0\.0$|::$)/.test(address));
}

const dialTimeoutMs = 2_000;

/** The addresses used to reach a shop: IPv4, unless its name has none, or nothing takes connections there. */
export async function familyOf(url: string): Promise<Family> {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const literal = isIP(host);
  if (literal !== 0) return literal as Family;
  const found = await lookup(host, { all: true }).catch((): LookupAddress[] => []);
  const takes = async (family: Family): Promise<boolean> => {
    const address = found.find((one) => one.family === family)?.address;
    return (
      address !== undefined && (await takesConnections(address, Number(port) || (protocol === 'https:' ? 443 : 80)))
    );
  };
  return !(await takes(4)) && (await takes(6)) ? 6 : 4;
}

const takesConnections = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: dialTimeoutMs });
    const end = (taken: boolean) => {
      socket.destroy();
      resolve(taken);
    };
    socket.on('connect', () => end(true));
    socket.on('timeout', () => end(false));
    socket.on('error', () => end(false));
  });

/** How undici dials: the same as k6 with the options of its script (scenarios/traffic/contract.ts). */
export const dialling = (url: string, family: Family, timeoutMs: number): buildConnector.BuildOptions => ({
  timeout: timeoutMs,
  autoSelectFamily: false,
  lookup: lookupBy(family),
  ...(url.startsWith('https:') && {
    // Whatever NODE_TLS_REJECT_UNAUTHORIZED says.
    rejectUnauthorized: true,
    secureContext: createSecureContext({ ca: authorities() }),
  }),
});

/** A random one of a name's addresses, of the family if there are any; looked up again after a while, as k6 does. */
function lookupBy(family: Family): LookupFunction {
  const known = new Map<string, { untilMs: number; addresses: Promise<LookupAddress[]> }>();
  return (host, _, callback) => {
    let found = known.get(host);
    if (found === undefined || found.untilMs < nowMs()) {
      found = { untilMs: nowMs() + dnsTtlMs, addresses: lookup(host, { all: true }) };
      known.set(host, found);
    }
    found.addresses.then(
      (all) => {
        const wanted = all.filter((one) => one.family === family);
        const { address, family: of } = oneOf(wanted.length > 0 ? wanted : all);
        callback(null, address, of);
      },
      (error: NodeJS.ErrnoException) => {
        known.delete(host);
        callback(error, '');
      },
    );
  };
}

const oneOf = (addresses: LookupAddress[]): LookupAddress =>
  addresses[Math.floor(Math.random() * addresses.length)] as LookupAddress;
