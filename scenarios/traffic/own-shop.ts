/** Shoppers of any shop: they send its config's requests, reads and writes at its shares. k6 runs this file as it is. */
import { SharedArray } from 'k6/data';
import http, { type RefinedResponse } from 'k6/http';
import { patience } from '../../src/model/load-spec.ts';
import { sameForm } from '../../src/model/order-lines.ts';
import { filled, isRight, jsonAt, readsBody, type TrafficRequest } from '../../src/model/shop-request.ts';
import {
  arrivals,
  evidenceOptions,
  iterationRandom,
  keyOfIteration,
  load,
  order,
  paceScenario,
  requestsTo,
  startSchedule,
  type Told,
  timed,
} from './contract.ts';
import { zipfRank } from './random.ts';

const read = choiceOf('read');
const write = choiceOf('write');
const writeShare = load.mix.checkout;

export const options = {
  ...evidenceOptions,
  scenarios: {
    browse: arrivals('browse', 1 - writeShare, load.browseVus),
    ...(write.requests.length > 0 && { buy: arrivals('buy', writeShare, load.buyVus) }),
    pace: paceScenario,
  },
};

export { pace } from './contract.ts';

export const setup = startSchedule;

export function browse(): void {
  const random = iterationRandom(1);
  const asked = ask(oneOf(read, random), random);
  send('product', asked, 1, patience.pageMs);
}

export function buy(): void {
  const random = iterationRandom(2);
  const request = oneOf(write, random);
  // Filled once: every attempt is the same order.
  const asked = ask(request, random);
  const place = (attempt: number) => send('checkout', asked, attempt, patience.callMs);
  if (request.order === false) {
    place(1);
    return;
  }
  const words = request.order === true ? null : request.order;
  const lines = words === null ? undefined : sameForm(asked.fillSame(words.lines));
  order(keyOfIteration(), (attempt) => [toldBy(place(attempt), asked, words?.totalCents)], random, lines);
}

type AskedOf = ReturnType<typeof filled>;
type Answer = RefinedResponse<'text' | 'none'>;

const ask = (request: TrafficRequest, random: () => number): AskedOf =>
  filled(request, { number: (atMost) => zipfRank(random, atMost), key: keyOfIteration() }, __ENV);

function send(op: 'product' | 'checkout', asked: AskedOf, attempt: number, timeoutMs: number): Answer {
  const { method, path, body, headers, expected } = asked;
  const responseType = readsBody(expected) || op === 'checkout' ? ('text' as const) : ('none' as const);
  // A redirect is not a right answer: the time to follow it would be missing.
  const params = { headers, timeout: timeoutMs, redirects: 0, responseType };
  const call = (): Answer => http.request(method, `${load.baseUrl}${path}`, body, params);
  return timed(op, attempt, call, (answer) => isRight(expected, answer.status, answer.body ?? ''));
}

function toldBy({ status, body }: Answer, { expected }: AskedOf, totalPath?: string): Told & { status: number } {
  const text = body ?? '';
  const totalCents = totalPath === undefined ? undefined : jsonAt(text, totalPath);
  return {
    status,
    right: isRight(expected, status, text),
    totalCents: typeof totalCents === 'number' ? totalCents : undefined,
  };
}

interface Choice {
  requests: TrafficRequest[];
  /** The running sum of the weights. */
  upTo: number[];
}

/** A request is read from the shared array only when it is sent: a search through all would read them all each time. */
function choiceOf(path: 'read' | 'write'): Choice {
  const requests = requestsTo(path);
  const upTo = new SharedArray<number>(`weights of ${path}`, () => {
    let sum = 0;
    return requests.map(({ weight }) => {
      sum += weight;
      return sum;
    });
  });
  return { requests, upTo };
}

/** One of them, picked by weight. */
function oneOf({ requests, upTo }: Choice, random: () => number): TrafficRequest {
  const wanted = random() * (upTo[upTo.length - 1] ?? 0);
  let [from, to] = [0, requests.length - 1];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((upTo[middle] as number) > wanted) to = middle;
    else from = middle + 1;
  }
  return requests[from] as TrafficRequest;
}
