/**
 * What tenfold hands to a traffic script and what it reads from it: import this from a script of your own.
 * Every call emits one `tenfold_call` with its whole wall time; see k6Metrics in src/model/evidence.ts.
 */
import { sleep } from 'k6';
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import http, { type RefinedResponse, type ResponseType } from 'k6/http';
import { Counter, Gauge, Trend } from 'k6/metrics';
import { dnsTtlMs, type LoadSpec, patience, type StartLineAnswer } from '../../src/model/load-spec.ts';
import { filled, type ShopRequest, type TrafficRequest, userAgent } from '../../src/model/shop-request.ts';
import { seededRandom } from './random.ts';

const told = (): LoadSpec => JSON.parse(open(__ENV.TENFOLD_LOAD_FILE ?? '')) as LoadSpec;

/** The schedule, the shop and the number of virtual users of this run. */
export const load = new SharedArray<Omit<LoadSpec, 'requests'>>('load', () => {
  const { requests: _, ...rest } = told();
  return [rest];
})[0] as Omit<LoadSpec, 'requests'>;

/** What to send, if the script itself does not know: one copy for all virtual users, as there may be thousands. */
export const requestsTo = (path: 'read' | 'write'): TrafficRequest[] =>
  new SharedArray<TrafficRequest>(`requests to ${path}`, () => told().requests?.[path] ?? []);

const scheduleStart = new Gauge('tenfold_schedule_start');
const call = new Trend('tenfold_call');
const orderAttempt = new Counter('tenfold_order_attempt');
const orderOutcome = new Counter('tenfold_order_outcome');
const generatorLate = new Trend('tenfold_generator_late');

/**
 * Options that every script has: they limit the volume of evidence, because our own samples carry what is judged, and
 * reach the shop as the sentinel reaches it (src/runtime/way.ts).
 */
export const evidenceOptions = {
  discardResponseBodies: true,
  noConnectionReuse: false,
  // A shopper's browser keeps its cookies from one purchase to the next.
  noCookiesReset: true,
  systemTags: ['scenario', 'status', 'error_code'],
  userAgent,
  dns: { ttl: `${dnsTtlMs}ms`, select: 'random', policy: load.family === 6 ? 'preferIPv6' : 'preferIPv4' },
} as const;

/** Arrivals at a share of the schedule's rate. All VUs are allocated at the start: k6 drops some while adding VUs. */
export function arrivals(name: string, share: number, vus: number) {
  const unit = (ratePerSecond: number) => Math.round(ratePerSecond * share * 100);
  return {
    executor: 'ramping-arrival-rate',
    exec: name,
    startRate: unit(load.baselineRatePerSecond),
    timeUnit: '100s',
    preAllocatedVUs: vus,
    maxVUs: vus,
    gracefulStop: `${patience.orderMs + patience.callMs}ms`,
    stages: load.stages.map((stage) => ({ duration: `${stage.durationMs}ms`, target: unit(stage.ratePerSecond) })),
  };
}

/** A scenario beside the shoppers' that measures how late each k6 process itself is; export `pace` with it. */
export const paceScenario = {
  executor: 'constant-vus',
  exec: 'pace',
  vus: load.workers?.count ?? 1,
  duration: `${load.stages.reduce((sum, { durationMs }) => sum + durationMs, 0)}ms`,
  gracefulStop: '0s',
};
const paceMs = 20;

/** Waits repeatedly, and records by how much each wait was too long: that is never due to the shop. Ended by k6. */
export function pace(): void {
  for (;;) {
    const dueMs = Date.now() + paceMs;
    sleep(paceMs / 1000);
    numbered(() => generatorLate.add(Math.max(0, Date.now() - dueMs)));
  }
}

/**
 * Call it once, in setup(): the load's schedule starts now, or when all processes that share it are there. If k6 itself
 * does not reach the shop, nothing starts.
 */
export function startSchedule(): void {
  load.looks.forEach(look);
  const startMs = load.workers ? startTogether(load.workers.startLineUrl) : Date.now();
  scheduleStart.add(startMs);
}

/** Asks the shop once. If the sentinel reached it and k6 did not, k6 would measure the way there and not the shop. */
function look(probe: ShopRequest): void {
  const filling = { number: () => 1, key: 'probe-tenfold-k6' };
  const { method, path, body, headers } = filled(probe, filling, __ENV);
  const params = { headers, responseType: 'text' as const, redirects: 0, timeout: patience.callMs };
  const { status, error, body: text } = http.request(method, `${load.baseUrl}${path}`, body, params);
  const isRight = probe.expectStatus.includes(status) && String(text ?? '').includes(probe.expectText);
  if (isRight) return;
  const saw =
    status === 0 ? error : `status ${status}${probe.expectStatus.includes(status) ? ' without the text' : ''}`;
  exec.test.abort(
    `k6 does not reach the shop as the sentinel does: to ${method} ${load.baseUrl}${path} k6 got ${saw}, ` +
      'the sentinel the answer that is expected; so nothing was sent',
  );
}

/** Waits at the start line until it is known when all start, and for that; returns the millisecond. */
function startTogether(startLineUrl: string): number {
  for (;;) {
    const { status, body } = http.get(startLineUrl, { responseType: 'text' });
    if (status !== 200) throw new Error(`the start line answered ${status}`);
    const startMs = (JSON.parse(String(body)) as StartLineAnswer).data.attributes.data;
    if (typeof startMs === 'number') {
      sleep(Math.max(0, startMs - Date.now()) / 1000);
      return startMs;
    }
    sleep(0.05);
  }
}

/** Random numbers of an iteration, the same in every run. */
export const iterationRandom = (stream: number): (() => number) =>
  seededRandom(load.seed + stream * 1_000_003 + exec.scenario.iterationInTest * 7);

/** The key of an iteration's order, the same in every try; it distinguishes the run's orders from all others. */
export const keyOfIteration = (): string => `${load.runId}-${exec.scenario.iterationInTest}`;

/** A call's kind: `checkout` is judged as checkout and the others as api; list, product and search count as reads. */
export type Op = 'list' | 'product' | 'search' | 'cart' | 'session' | 'checkout';

export type Answer = RefinedResponse<ResponseType>;
const isOk = ({ status }: Answer): boolean => status < 400;

/** k6's error codes for an invalid URL, and for addresses and names that the script's own options forbid. */
const neverSentCodes = [1020, 1110, 1111];
/** The system's messages when it has no descriptor, port or memory left for a call; k6 has no codes for these. */
const nothingLeft =
  /too many open files|assign requested address|address already in use|no buffer space|cannot allocate memory|resource temporarily unavailable/;

/** Whether a call never left this machine: then it says something about the generator, and nothing about the shop. */
const wasNeverSent = ({ status, error, error_code }: Answer): boolean =>
  status === 0 && (neverSentCodes.includes(error_code) || nothingLeft.test(error));

/** Tags of a call's sample beside the usual ones. `probed: 'no'`: the sentinel does not send this request. */
export interface MoreTags {
  probed?: 'no';
}

/** One call and its sample. @param isRight whether a shopper can use an answer; not called for refusals. */
export function timed<R extends Answer>(
  op: Op,
  attempt: number,
  send: () => R,
  isRight: (answer: R) => boolean = isOk,
  more: MoreTags = {},
): R {
  const startMs = Date.now();
  const response = send();
  record(op, attempt, response, Date.now() - startMs, isOk(response) && isRight(response), more);
  return response;
}

/**
 * Wall time is blocked (which includes dialling) plus duration for an answered call; a call without an answer is timed
 * by the clock, because k6 reports 0 for a failed dial. An answer that says yes but is not right has the error code
 * `wrong`.
 */
export function record(
  op: Op,
  attempt: number,
  response: Answer,
  clockMs: number,
  right = isOk(response),
  more: MoreTags = {},
): void {
  const answered = response.status > 0;
  const wallMs = answered ? response.timings.blocked + response.timings.duration : clockMs;
  const result = wasNeverSent(response) ? 'unsent' : answered && right ? 'ok' : 'failed';
  const isWrong = answered && !right && isOk(response);
  const errorCode = isWrong ? 'wrong' : String(response.error_code);
  numbered(() => call.add(wallMs, { op, result, attempt: String(attempt), error_code: errorCode, ...more }));
}

/** Of this virtual user, as each has a copy of this module. */
let samples = 0;

/** Adds a sample. Where it may be lost on its way, it has the number of its virtual user's sample: then a gap tells how many were. */
export function numbered(add: () => void): void {
  if (load.workers?.numbersSamples !== true) {
    add();
    return;
  }
  withMetadata({ n: `${exec.vu.idInTest}.${samples + 1}` }, add);
  // After it was added: k6 may end this in between, and a number that comes twice tells of no loss.
  samples += 1;
}

/** What an answer said about an order; omitted: nothing. Lines as in src/model/order-lines.ts. */
export interface Told {
  /** False: it says yes, but is not right. */
  right?: boolean;
  lines?: string | undefined;
  totalCents?: number | undefined;
}

/**
 * Sends an order until it is acknowledged, refused for good, or the shopper's patience ends: always with the same key.
 * @param place sends it once, or several times at once, and returns the statuses of the answers, 0 for none, or what
 *   else they said along with it.
 * @param asked the ordered lines; without them the ledger is compared by the key alone.
 */
export function order(
  key: string,
  place: (attempt: number) => (number | (Told & { status: number }))[],
  random: () => number,
  asked?: string,
): void {
  exec.vu.metrics.metadata.key = key;
  withMetadata({ asked }, () => numbered(() => orderAttempt.add(1)));
  const giveUpAt = Date.now() + patience.orderMs;
  let result = 'indeterminate';
  let told: Told = {};
  for (let attempt = 1; attempt <= patience.maxTries; attempt += 1) {
    const answers = place(attempt).map((answer) => (typeof answer === 'number' ? { status: answer } : answer));
    const yes = answers.filter(({ status }) => status >= 200 && status < 300);
    if (yes.length > 0) [result, told] = ['acknowledged', yes.find(({ right }) => right === false) ?? yes[0] ?? {}];
    else if (answers.some(({ status }) => status >= 400 && status < 500)) result = 'rejected';
    if (result !== 'indeterminate') break;
    const waitSeconds = Math.min(4, 0.25 * 2 ** (attempt - 1)) * (0.5 + random());
    if (Date.now() + waitSeconds * 1000 > giveUpAt) break;
    sleep(waitSeconds);
  }
  const { lines, totalCents, right } = told;
  const answer = right === false ? 'wrong' : undefined;
  withMetadata({ lines, cents: totalCents?.toString(), answer }, () => numbered(() => orderOutcome.add(1, { result })));
  delete exec.vu.metrics.metadata.key;
}

/** Adds samples with extra metadata; what is undefined is left out. */
function withMetadata(more: Record<string, string | undefined>, add: () => void): void {
  const { metadata } = exec.vu.metrics;
  const known = Object.entries(more).filter((entry): entry is [string, string] => entry[1] !== undefined);
  for (const [name, value] of known) metadata[name] = value;
  add();
  for (const [name] of known) delete metadata[name];
}
