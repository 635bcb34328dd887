import { isIP } from 'node:net';
import type { NotifyTarget } from '../model/notice.ts';

/** Who is told, with what was taken from the environment. */
export interface ReadyTarget {
  kind: NotifyTarget['kind'];
  when: NotifyTarget['when'];
  /** What it is called: its URL is a secret. */
  name: string;
  url: string;
  /** Signs what is sent. */
  key: Buffer | null;
}

/** Takes URLs and secrets from the environment. All that is wrong with them is in `problems`, which repeat none of them. */
export function readyTargets(
  targets: readonly NotifyTarget[],
  environment: Record<string, string | undefined>,
): { ready: ReadyTarget[]; problems: string[] } {
  const problems: string[] = [];
  const valueIn = (env: string): string => {
    const value = environment[env]?.trim() ?? '';
    if (value === '') problems.push(`the environment variable ${env} is not set, and --notify refers to it`);
    return value;
  };
  const ready = targets.map((target): ReadyTarget => {
    const { kind, when, url: reference } = target;
    const url = valueIn(reference.env);
    if (url !== '' && !isAllowed(url))
      problems.push(`${reference.env} does not hold a URL with https:; only one of this machine may have http:`);
    const secretEnv = kind === 'webhook' ? target.secret?.env : undefined;
    const secret = secretEnv === undefined ? undefined : valueIn(secretEnv);
    const key = secret ? keyIn(secret) : null;
    if (secret && key === null)
      problems.push(`${secretEnv} is no key: it has to be whsec_ and the base64 of 24 to 64 bytes`);
    return { kind, when, name: `${kind} (${reference.env})`, url, key };
  });
  return { ready, problems };
}

/** A URL that says who may write there travels encrypted. */
function isAllowed(text: string): boolean {
  const url = URL.parse(text);
  if (url?.username !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
}

export function isLoopback({ hostname }: URL): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** A key as Standard Webhooks write it. */
function keyIn(secret: string): Buffer | null {
  const written = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1];
  const key = Buffer.from(written ?? '', 'base64');
  return key.length >= 24 && key.length <= 64 ? key : null;
}
