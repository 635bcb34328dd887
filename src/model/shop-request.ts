/** Requests to a shop as its owner describes them. Imports nothing: k6 reads this file too. */

/** A value that is nowhere written down: the environment variable that holds it, read only where it is used. */
export interface SecretReference {
  env: string;
  /** Stands before the value, such as "Bearer ". */
  prefix: string;
}

export interface ShopRequest {
  method: string;
  /** With its query; `{n:50}` stands for a number from 1 to 50, `{key}` for a name. */
  path: string;
  headers: Record<string, string | SecretReference>;
  body: string | null;
  /** Statuses of a right answer. */
  expectStatus: number[];
  /** What a right answer's body holds; empty: anything. Only the sentinel reads bodies. */
  expectText: string;
}

/** A request that shoppers send. */
export interface TrafficRequest extends ShopRequest {
  /** How often among its kind, relative to the others. */
  weight: number;
  /** It buys: sent again with the same `{key}` until it is answered, and looked for in the database afterwards. */
  order: boolean;
}

/** The requests that the built-in traffic script sends; without writes, it only reads. */
export interface ShopTraffic {
  read: TrafficRequest[];
  write: TrafficRequest[];
}

/** What the sentinel asks a shop, and how often. Without a write, it only reads. */
export interface ShopProbes {
  read: ShopRequest;
  write: ShopRequest | null;
  everyMs: { pooled: number; new: number; replica: number };
}

/** What k6 and the sentinel call themselves, where a request does not say otherwise. */
export const userAgent = 'tenfold';

/** What stands for the placeholders of a request. */
export interface Filling {
  /** A number from 1 to the given one. */
  number: (atMost: number) => number;
  key: string;
}

/** A text with its placeholders filled. All other braces are left as they are: bodies are JSON. */
export const fill = (text: string, { number, key }: Filling): string =>
  text.replace(/\{(?:n:(\d+)|key)\}/g, (_, atMost?: string) =>
    atMost === undefined ? key : String(number(Number(atMost))),
  );

/**
 * A request with its placeholders filled and its secrets read, in the order in which numbers are drawn for it.
 * @param environment where the secrets are.
 */
export const filled = (request: ShopRequest, filling: Filling, environment: Record<string, string | undefined>) => ({
  method: request.method,
  path: fill(request.path, filling),
  body: request.body === null ? null : fill(request.body, filling),
  headers: headersOf(request, filling, environment),
});

/**
 * A request's headers with their placeholders filled and their secrets read.
 * @param environment where the secrets are.
 */
export function headersOf(
  request: Pick<ShopRequest, 'headers'>,
  filling: Filling,
  environment: Record<string, string | undefined>,
): Record<string, string> {
  const value = (header: string | SecretReference): string =>
    typeof header === 'string' ? fill(header, filling) : `${header.prefix}${environment[header.env] ?? ''}`;
  const own = Object.entries(request.headers).map(([name, header]) => [name, value(header)]);
  const isNamed = Object.keys(request.headers).some((name) => name.toLowerCase() === 'user-agent');
  return Object.fromEntries(isNamed ? own : [['user-agent', userAgent], ...own]);
}
