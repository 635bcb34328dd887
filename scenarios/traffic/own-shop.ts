/** Shoppers of any shop: they send the requests of its config, reads and writes at the config's shares. k6 runs this file as it is. */
import { SharedArray } from 'k6/data';
import http from 'k6/http';
import { patience } from '../../src/model/load-spec.ts';
import { filled, type TrafficRequest } from '../../src/model/shop-request.ts';
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
  const request = oneOf(read, random);
  send('product', request, { key: keyOfIteration(), attempt: 1, timeoutMs: patience.pageMs, random });
}

export function buy(): void {
  const random = iterationRandom(2);
  const request = oneOf(write, random);
  const key = keyOfIteration();
  // The same numbers in every attempt: it is the same order.
  const drawn: number[] = [];
  const place = (attempt: number): number => {
    let next = 0;
    const again = () => {
      drawn[next] ??= random();
      next += 1;
      return drawn[next - 1] as number;
    };
    return send('checkout', request, { key, attempt, timeoutMs: patience.callMs, random: again });
  };
  if (request.order) order(key, (attempt) => [place(attempt)], random);
  else place(1);
}

interface Sending {
  key: string;
  attempt: number;
  timeoutMs: number;
  random: () => number;
}

/** Sends a request; gives its answer's status, 0 without one. */
function send(
  op: 'product' | 'checkout',
  request: TrafficRequest,
  { key, attempt, timeoutMs, random }: Sending,
): number {
  const filling = { number: (atMost: number) => zipfRank(random, atMost), key };
  const { method, path, body, headers } = filled(request, filling, __ENV);
  // A redirect is no right answer: the time of the way there would be missing.
  const params = { headers, timeout: timeoutMs, redirects: 0 };
  const answer = timed(
    op,
    attempt,
    () => http.request(method, `${load.baseUrl}${path}`, body, params),
    ({ status }) => request.expectStatus.includes(status),
  );
  return answer.status;
}

interface Choice {
  requests: TrafficRequest[];
  /** The sum of the weights up to each of them. */
  upTo: number[];
}

/** A request is read out of what all share when it is sent: looking for it among all would read them all each time. */
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

/** One of them, each as often as its weight says. */
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
