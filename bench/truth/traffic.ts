/** Shoppers beside the probes: an open model of page views, spread over all shops. k6 runs this file as it is. */
import exec from 'k6/execution';
import http from 'k6/http';

export interface TruthTraffic {
  urls: string[];
  ratePerSecond: number;
  durationMs: number;
}

const load = JSON.parse(open(__ENV.TENFOLD_LOAD_FILE ?? '')) as TruthTraffic;

export const options = {
  discardResponseBodies: true,
  systemTags: ['status', 'error_code'],
  scenarios: {
    views: {
      executor: 'constant-arrival-rate',
      rate: load.ratePerSecond,
      timeUnit: '1s',
      duration: `${load.durationMs}ms`,
      // As many as may wait for an answer when every shop hangs at once.
      preAllocatedVUs: load.ratePerSecond,
      maxVUs: load.ratePerSecond,
      gracefulStop: '2s',
    },
  },
};

export default function view(): void {
  const number = exec.scenario.iterationInTest;
  const url = load.urls[number % load.urls.length];
  http.get(`${url}/products/${1 + (number % 50)}`, { timeout: '1s' });
}
