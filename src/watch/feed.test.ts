import { expect, test } from 'vitest';
import { nodeLossRun } from '../../tests/support/runs/node-loss.ts';
import { burnAlerts } from '../analysis/burn-alerts.ts';
import { EventLog } from './event-log.ts';
import { Feed } from './feed.ts';

const { plan } = nodeLossRun();
const inventory = (atMs: number, podsReady: number, cpuRatio: number) => ({
  kind: 'inventory' as const,
  atMs,
  podsReady,
  podsWanted: 3,
  nodesReady: 2,
  nodesWanted: 2,
  cpuRatio,
  pods: [],
});

test('what has not changed is not told again', () => {
  const feed = new Feed(plan, 0);
  expect(feed.take(inventory(1, 3, 0.1))).toHaveLength(1);
  expect(feed.take(inventory(2, 3, 0.9))).toEqual([]);
  expect(feed.take(inventory(3, 2, 0.9))).toMatchObject([{ kind: 'capacity', podsReady: 2 }]);
  const lanes = (a: [number, number], b: [number, number]) => ({
    a: { good: a[0], failed: a[1] },
    b: { good: b[0], failed: b[1] },
  });
  expect(feed.take({ kind: 'probes', atMs: 4, lanes: lanes([5, 0], [0, 5]) })).toMatchObject([
    { states: { a: 'served', b: 'failing' } },
  ]);
  expect(feed.take({ kind: 'probes', atMs: 5, lanes: lanes([4, 0], [0, 4]) })).toEqual([]);
  expect(feed.take({ kind: 'probes', atMs: 6, lanes: lanes([0, 0], [3, 2]) })).toMatchObject([
    { states: { a: 'silent', b: 'partly' } },
  ]);
});

test('what the run knows of its environment stays with it', () => {
  const feed = new Feed(plan, 0);
  const environment = { commit: null, dirty: null, versions: {}, scale: 'x', fidelity: [], fingerprint: 'secret' };
  expect(feed.take({ kind: 'environment', atMs: 1, environment })).toEqual([]);
  const started = { drill: 'd', runId: 'r', target: 't', profile: 'p', command: 'secret' };
  expect(JSON.stringify(feed.take({ kind: 'run-started', atMs: 1, ...started, environment }))).not.toContain('secret');
});

test('an alert fires once, within a second of when the analysis says', () => {
  const feed = new Feed(plan, 0);
  const tries = 600;
  const seconds = Array.from({ length: 120 }, (_, second) => ({ calls: tries, bad: second >= 60 ? 300 : 0 }));
  const events = seconds.flatMap(({ bad }, second) =>
    feed.take({
      kind: 'load-progress',
      // As looks fall: a little later each time.
      atMs: 1_000_000 + (second + 1) * 1_002,
      ratePerSecond: tries,
      errorsPerSecond: bad,
      p99Ms: 10,
      dropped: 0,
      paths: [{ path: 'api', calls: tries, failed: bad, p99Ms: 10, tries, badTries: bad }],
    }),
  );
  const fired = events.filter(({ kind }) => kind === 'alert');
  const { profile, objectives } = plan;
  const judged = burnAlerts(
    seconds,
    1_000_000,
    profile.baselineRatePerSecond * 0.962,
    1 - objectives.errorBudget.objective,
  );
  const expected = judged.filter(({ firedAtMs }) => firedAtMs !== null);
  expect(expected.length).toBeGreaterThan(0);
  expect(fired.map((alert) => 'burnRate' in alert && alert.burnRate)).toEqual(expected.map(({ burnRate }) => burnRate));
  for (const [index, { firedAtMs }] of expected.entries())
    expect(Math.abs((fired[index]?.atMs ?? 0) - (firedAtMs ?? 0))).toBeLessThanOrEqual(1_300);
});

test('the log forgets the oldest seconds, never which run it is', () => {
  const log = new EventLog();
  log.push(new Feed(plan, 0).begin);
  for (let second = 1; second <= 10_000; second += 1)
    log.push({ kind: 'load-progress', atMs: second, ratePerSecond: 1, errorsPerSecond: 0, p99Ms: null, dropped: 0 });
  const { text, lastId } = log.after(0, Infinity);
  expect(lastId).toBe(10_001);
  expect(text.match(/^id: /gm)).toHaveLength(7_201);
  expect(text).toMatch(/^id: 1\ndata: \{"kind":"begin"/);
  expect(log.after(10_001, Infinity)).toEqual({ text: '', lastId: 10_001 });
  // Another run.
  log.push(new Feed(plan, 0).begin);
  expect(log.after(9_000, Infinity)).toMatchObject({ lastId: 10_002 });
  expect(log.after(0, Infinity).text.match(/^id: /gm)).toHaveLength(1);
});
