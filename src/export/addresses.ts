/** Addresses as they are given on the command line. */

export interface ListenAt {
  host: string;
  port: number;
}

/** A port of this machine alone, or of an address of it; undefined where it is neither. */
export function listenAtOf(text: string): ListenAt | undefined {
  const [, host = '127.0.0.1', digits] = /^(?:(\[[\da-f:]+\]|[\w.-]+):)?(\d{1,5})$/i.exec(text) ?? [];
  const port = Number(digits);
  return port <= 65_535 ? { host: host.replace(/^\[|\]$/g, ''), port } : undefined;
}

/** The URL of a server; undefined where it is none. Credentials are not for the command line, which others on the machine see. */
export function urlOf(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  return url.username === '' && url.password === '' && url.search === '' && url.hash === '' ? url.href : undefined;
}
