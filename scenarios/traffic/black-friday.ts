/**
 * Black Friday's shoppers: an open model of browsing and buying. k6 runs this file as it is.
 * contract.ts says what is measured of them.
 */

import exec from 'k6/execution';
import http from 'k6/http';
import { Counter } from 'k6/metrics';
import { habits } from '../../src/model/load-spec.ts';
import { isSession } from '../../src/model/shop-answers.ts';
import {
  arrivals,
  evidenceOptions,
  iterationRandom,
  keyOfIteration,
  load,
  numbered,
  paceScenario,
  startSchedule,
  timed,
} from './contract.ts';
import { limits, purchase, tenantOf, view, viewShare } from './shopping.ts';

const sessionLookUp = new Counter('tenfold_session');

const buyShare = load.mix.checkout;

export const options = {
  ...evidenceOptions,
  scenarios: {
    browse: arrivals('browse', viewShare, load.browseVus),
    buy: arrivals('buy', buyShare, load.buyVus),
    pace: paceScenario,
  },
};

export { pace } from './contract.ts';
export const setup = startSchedule;

/** One page view: a list, a product or a search. */
export const browse = (): void => view(iterationRandom(1));

/** One order, and now and then a check of what the shop remembers of this shopper. */
export function buy(): void {
  // With a random stream of its own: which virtual user buys must not change what is bought.
  if (exec.vu.idInTest % habits.buyersPerSession === 0) recall(iterationRandom(3));
  purchase(keyOfIteration(), iterationRandom(2));
}

/** What the shop answered this shopper (this VU) when it began to remember it. */
let session: { id: string; tenant: string } | null = null;

/**
 * Asks for what the shop should remember of the shopper. A session is lost only when the shop answers that it does not
 * know it, or that it is somebody else's: a shop that cannot be reached may still have it.
 */
function recall(random: () => number): void {
  if (session) {
    const { id, tenant } = session;
    const params = { headers: { 'x-tenant': tenant }, ...limits };
    const get = () => http.get(`${load.baseUrl}/sessions/${id}`, params);
    const { status, body } = timed('session', 1, get, (answer) => isSession(answer.body, ownName()));
    const isKept = status === 200 && isSession(body, ownName());
    const isLost = !isKept && (status === 200 || status === 404);
    told(id, isKept ? 'kept' : isLost ? 'lost' : 'unanswered');
    if (!isLost) return;
  }
  session = startSession(tenantOf(random));
}

/** Under the session's name, so that a later check can answer what this one did not. */
function told(id: string, result: 'kept' | 'lost' | 'unanswered'): void {
  exec.vu.metrics.metadata.key = id;
  numbered(() => sessionLookUp.add(1, { result }));
  delete exec.vu.metrics.metadata.key;
}

const ownName = (): string => `Shopper ${exec.vu.idInTest}`;

function startSession(tenant: string): typeof session {
  const headers = { 'x-tenant': tenant, 'content-type': 'application/json' };
  const body = JSON.stringify({ name: ownName() });
  const post = () => http.post(`${load.baseUrl}/sessions`, body, { headers, ...limits });
  const response = timed('session', 1, post, (answer) => isSession(answer.body, ownName()));
  return response.status === 201 ? { id: String(response.json('id')), tenant } : null;
}
