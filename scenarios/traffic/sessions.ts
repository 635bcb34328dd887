/**
 * Shoppers who come, look around and leave: arrivals of sessions (an open model) with think times inside. k6 runs this
 * file as it is. With 600 requests a second some 10,000 shoppers are in the shop at once (Little's law).
 */
import { sleep } from 'k6';
import { session } from '../../src/model/load-spec.ts';
import {
  arrivals,
  evidenceOptions,
  iterationRandom,
  keyOfIteration,
  load,
  paceScenario,
  startSchedule,
} from './contract.ts';
import { purchase, view, viewShare } from './shopping.ts';

/** Makes orders as large a share of the requests as the mix says. */
const buyerShare = (session.views * load.mix.checkout) / viewShare;

export const options = {
  ...evidenceOptions,
  scenarios: { shoppers: arrivals('shop', viewShare / session.views, load.browseVus), pace: paceScenario },
};

export { pace } from './contract.ts';
export const setup = startSchedule;

/** One session. */
export function shop(): void {
  const random = iterationRandom(4);
  for (let seen = 0; seen < session.views; seen += 1) {
    view(random);
    sleep(Math.min(session.maxThinkSeconds, -Math.log(1 - random()) * session.meanThinkSeconds));
  }
  if (random() < buyerShare) purchase(keyOfIteration(), random);
}
