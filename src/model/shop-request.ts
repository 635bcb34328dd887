/** Requests to a shop as its owner describes them, and what right answers contain. Imports nothing: k6 reads this file too. */

/** A value that is never written down: the environment variable that holds it, read only where it is used. */
export interface SecretReference {
  env: string;
  /** Stands before the value, such as "Bearer ". */
  prefix: string;
}

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** What a right answer must have, all of it. */
export interface Expectation {
  expectStatus: number[];
  /** A text that its body contains; empty: any body. */
  expectText: string;
  /** Values of its body by path, such as `items.0.id`. */
  expectJson?: Record<string, Json> | undefined;
}

/**
 * In what is expected, `{n:50}` is the number that was drawn first for `{n:50}` in the request. In expectJson it is a number
 * where it stands alone, and its digits within a longer text.
 */
export interface ShopRequest extends Expectation {
  method: string;
  /** With its query; `{n:50}` stands for a number from 1 to 50, `{key}` for a name. */
  path: string;
  headers: Record<string, string | SecretReference>;
  body: string | null;
}

/** A request that shoppers send. */
export interface TrafficRequest extends ShopRequest {
  /** How often it is sent, relative to the others of its kind. */
  weight: number;
  /** It buys: sent again with the same `{key}` until it is answered, and looked for in the database afterwards. */
  order: boolean | OrderWords;
}

/** What an order's request asks for and its answer reports, to be compared with the ledger. */
export interface OrderWords {
  /** The ordered lines, in the form of the ledger: `{n:50}x1`, filled like what is expected. */
  lines: string;
  /** Where the answer has the total in cents, such as `total.cents`. */
  totalCents?: string | undefined;
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

/** What fills the placeholders of a request. */
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
 * A request with its placeholders filled and its secrets read, in the order in which its numbers are drawn, what is
 * expected of its answer, and how to fill another text with the same numbers.
 * @param environment where the secrets are.
 */
export function filled(request: ShopRequest, filling: Filling, environment: Record<string, string | undefined>) {
  const firstOf = new Map<number, number>();
  const drawing: Filling = {
    key: filling.key,
    number: (atMost) => {
      const number = filling.number(atMost);
      if (!firstOf.has(atMost)) firstOf.set(atMost, number);
      return number;
    },
  };
  const same: Filling = { key: filling.key, number: (atMost) => firstOf.get(atMost) ?? Number.NaN };
  return {
    method: request.method,
    path: fill(request.path, drawing),
    body: request.body === null ? null : fill(request.body, drawing),
    headers: headersOf(request, drawing, environment),
    expected: filledExpectation(request, same),
    fillSame: (text: string): string => fill(text, same),
  };
}

const filledExpectation = ({ expectStatus, expectText, expectJson }: Expectation, filling: Filling): Expectation => ({
  expectStatus,
  expectText: fill(expectText, filling),
  expectJson: expectJson && (filledJson(expectJson, filling) as Record<string, Json>),
});

function filledJson(value: Json, filling: Filling): Json {
  if (typeof value === 'string') {
    const alone = /^\{n:(\d+)\}$/.exec(value);
    return alone ? filling.number(Number(alone[1])) : fill(value, filling);
  }
  if (Array.isArray(value)) return value.map((each) => filledJson(each, filling));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, filledJson(each, filling)]));
}

/** Whether an answer is a right one. */
export const isRight = (expected: Expectation, status: number, body: string): boolean =>
  expected.expectStatus.includes(status) && whatIsWrong(expected, body) === null;

/** Whether a body has to be read to tell a right answer. */
export const readsBody = ({ expectText, expectJson }: Expectation): boolean =>
  expectText !== '' || Object.keys(expectJson ?? {}).length > 0;

/** What in a body is not as expected, in words; null when all of it is. */
export function whatIsWrong({ expectText, expectJson = {} }: Expectation, body: string): string | null {
  if (!body.includes(expectText)) return 'without the text that is expected';
  const paths = Object.keys(expectJson);
  if (paths.length === 0) return null;
  const json = jsonOf(body);
  if (json === undefined) return 'with no JSON';
  const wrong = paths.find((path) => !isSame(valueAt(json, path), expectJson[path]));
  return wrong === undefined ? null : `with something else at ${wrong} than is expected`;
}

/** The value of a JSON text at a path of names and indexes; undefined when there is none. */
export const jsonAt = (body: string, path: string): unknown => valueAt(jsonOf(body), path);

const valueAt = (json: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => {
    const has = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    return has ? (value as Record<string, unknown>)[name] : undefined;
  }, json);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Equal as JSON: the order of names does not matter. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other;
  const names = Object.keys(one);
  return (
    Array.isArray(one) === Array.isArray(other) &&
    names.length === Object.keys(other).length &&
    names.every(
      (name) =>
        Object.hasOwn(other, name) &&
        isSame((one as Record<string, unknown>)[name], (other as Record<string, unknown>)[name]),
    )
  );
}

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
