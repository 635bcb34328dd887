/** Shoppers of any shop: they send the requests of its config, reads and writes at the config's shares. k6 runs this file as it is. */
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
  startSchedule,
  timed,
} from './contract.ts';
import { zipfRank } from './random.ts';

const { read, write } = load.requests ?? { read: [], write: [] };
const writeShare = load.mix.checkout;

export const options = {
  ...evidenceOptions,
  scenarios: {
    browse: arrivals('browse', 1 - writeShare, load.browseVus),
    ...(write.length > 0 && { buy: arrivals('buy', writeShare, load.buyVus) }),
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

/** One of them, each as often as its weight says. */
function oneOf(requests: TrafficRequest[], random: () => number): TrafficRequest {
  let left = random() * requests.reduce((sum, { weight }) => sum + weight, 0);
  const found = requests.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
  return found ?? (requests.at(-1) as TrafficRequest);
}
