import type { IncomingHttpHeaders } from 'node:http';

/** What keeps a request from being answered. */
export interface Refusal {
  status: number;
  message: string;
}

const loopback = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

/**
 * A page elsewhere must not reach what is on loopback, even under a name that its owner has pointed here (DNS rebinding). The port
 * may be another: somebody may have forwarded ours.
 */
export function refusalOf({ host = '', origin }: IncomingHttpHeaders): Refusal | undefined {
  if (!loopback.test(host)) return { status: 421, message: 'this is served to 127.0.0.1 and localhost only' };
  if (origin !== undefined && origin !== `http://${host}`) return { status: 403, message: 'asked for by another page' };
  return undefined;
}
