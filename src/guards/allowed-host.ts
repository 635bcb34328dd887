import { lookup } from 'node:dns/promises';
import type { Guard } from './guarded.ts';

/** A shop that is not on this machine is named in the config twice: as the target, and as one that may be. */
export const allowedHost: Guard = async ({ urls, guards, isHere }) => {
  const guard = 'allow-list';
  if (isHere) return { guard, allows: true, message: 'all of it is on this machine' };
  const hosts = [...new Set(urls.map((url) => new URL(url).hostname.toLowerCase()))];
  const missing = hosts.filter((host) => !guards.allowedHosts.some((one) => isMatched(host, one.toLowerCase())));
  if (missing.length === 0) return { guard, allows: true, message: `${hosts.join(', ')} may be drilled` };
  return {
    guard,
    allows: false,
    message: `${missing.join(', ')} is on no list of what may be drilled${await mistyped(missing)}`,
    remedy: `if you mean it: guards: { allowedHosts: [${missing.map((host) => `'${host}'`).join(', ')}] }`,
  };
};

/** A * stands for one label. */
function isMatched(host: string, pattern: string): boolean {
  if (!pattern.startsWith('*.')) return host === pattern;
  return host.split('.').slice(1).join('.') === pattern.slice(2);
}

/** Names that lead nowhere. To ask for an address sends the shop nothing. */
async function mistyped(hosts: string[]): Promise<string> {
  const bare = (host: string) => host.replace(/^\[|\]$/g, '');
  const found = hosts.map(async (host) =>
    lookup(bare(host)).then(
      () => [],
      ({ code }: NodeJS.ErrnoException) => [`; ${host} cannot be reached: ${code}`],
    ),
  );
  return (await Promise.all(found)).flat().join('');
}
