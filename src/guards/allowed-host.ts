import type { Guard } from './guarded.ts';

/** A shop that is not on this machine is named in the config twice: as the target, and as one that may be. */
export const allowedHost: Guard = ({ urls, guards, isHere }) => {
  const guard = 'allow-list';
  if (isHere) return { guard, allows: true, message: 'all of it is on this machine' };
  const hosts = [...new Set(urls.map((url) => new URL(url).hostname.toLowerCase()))];
  const missing = hosts.filter(
    (host) => !guards.allowedHosts.some((pattern) => isMatched(host, pattern.toLowerCase())),
  );
  if (missing.length === 0) return { guard, allows: true, message: `${hosts.join(', ')} may be drilled` };
  return {
    guard,
    allows: false,
    message: `${missing.join(', ')} is on no list of what may be drilled`,
    remedy: `if you mean it: guards: { allowedHosts: [${missing.map((host) => `'${host}'`).join(', ')}] }`,
  };
};

/** A * stands for one label. */
function isMatched(host: string, pattern: string): boolean {
  if (!pattern.startsWith('*.')) return host === pattern;
  return host.split('.').slice(1).join('.') === pattern.slice(2);
}
