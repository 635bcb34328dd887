import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { freePort } from '../../tests/support/free-port.ts';
import { startJsonServer } from '../../tests/support/json-server.ts';
import { nodeLossRun } from '../../tests/support/runs/node-loss.ts';
import { nowMs } from '../runtime/clock.ts';
import { exportLive, type LiveExport } from './live.ts';

const { plan, verdict } = nodeLossRun();
const environment = { commit: null, dirty: null, versions: {}, scale: 'x', fidelity: [], fingerprint: 'x' };
const local = (port: number) => ({ host: '127.0.0.1', port });

afterEach(() => vi.unstubAllEnvs());

/** A drill that starts, and injects its fault. */
function tellOfRun(live: LiveExport, runId = 'run-1'): void {
  live.begin(plan);
  const { drill, target } = plan;
  live.listener({ kind: 'run-started', atMs: nowMs(), drill, runId, target, profile: 'p', command: 'c', environment });
  live.listener({ kind: 'fault', atMs: nowMs(), fault: 'node-loss', state: 'injected' });
}

const linkIn = (said: string[]): string => /metrics at (\S+)/.exec(said.join('\n'))?.[1] ?? '';

test('a Prometheus scrapes what is known now, in the text that it asks for', async () => {
  const said: string[] = [];
  await using live = await exportLive({ metrics: local(0) }, (line) => said.push(line));
  const url = linkIn(said);
  expect(await (await fetch(url)).text()).toBe('# EOF\n');
  tellOfRun(live);
  const scraped = await fetch(url, {
    headers: { accept: 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5' },
  });
  expect(scraped.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
  expect(await scraped.text()).toContain('tenfold_fault{drill="node-loss",run="run-1",fault="node-loss"} 1\n');
  live.judged(verdict);
  const plain = await fetch(url);
  expect(plain.headers.get('content-type')).toContain('text/plain');
  expect(await plain.text()).toContain(
    `tenfold_verdict{drill="node-loss",run="run-1",outcome="${verdict.outcome}"} 1\n`,
  );
  // Another drill: nothing of the one before.
  tellOfRun(live, 'run-2');
  expect(await (await fetch(url)).text()).not.toContain('run-1');
});

test('pages are refused, and other paths and methods are not there', async () => {
  const said: string[] = [];
  await using _ = await exportLive({ metrics: local(0) }, (line) => said.push(line));
  const url = linkIn(said);
  expect((await fetch(url, { headers: { origin: 'http://elsewhere.example' } })).status).toBe(403);
  expect((await fetch(new URL('/', url))).status).toBe(404);
  expect((await fetch(url, { method: 'POST' })).status).toBe(404);
});

test('a port that is taken is refused before anything is started', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await expect(exportLive({ metrics: local(port) }, () => {})).rejects.toThrow(
    /cannot be served at 127.0.0.1:\d+: .*EADDRINUSE/,
  );
  await new Promise((resolve) => server.close(resolve));
});

test('a receiver gets the numbers and the events of each run, with the headers from the environment', async () => {
  vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'authorization=Bearer%20abc,x-tenant=shop');
  await using receiver = await startJsonServer(() => ({ status: 200, body: '{}' }));
  const said: string[] = [];
  {
    await using live = await exportLive({ otlp: receiver.url }, (line) => said.push(line));
    tellOfRun(live);
    live.judged(verdict);
    tellOfRun(live, 'run-2');
  }
  expect(said).toEqual([]);
  const bodies = (path: string) => receiver.asked.filter((one) => one.path === path);
  for (const { headers } of receiver.asked)
    expect(headers).toMatchObject({
      authorization: 'Bearer abc',
      'x-tenant': 'shop',
      'content-type': 'application/json',
    });
  expect(bodies('/v1/metrics').map(({ body }) => JSON.stringify(body).includes('run-2'))).toEqual([false, true]);
  const logs = JSON.stringify(bodies('/v1/logs').map(({ body }) => body));
  for (const event of ['tenfold.started', 'tenfold.fault', 'tenfold.verdict']) expect(logs).toContain(event);
});

test('a receiver gets an alert on the error budget once, as it fires', async () => {
  await using receiver = await startJsonServer(() => ({ status: 200, body: '{}' }));
  {
    await using live = await exportLive({ otlp: receiver.url }, () => {});
    tellOfRun(live);
    const [calls, failed] = [500, 300];
    for (let second = 0; second < 60; second += 1)
      live.listener({
        kind: 'load-progress',
        atMs: nowMs() + second * 1_000,
        ...{ ratePerSecond: calls, errorsPerSecond: failed, p99Ms: 10, dropped: 0 },
        paths: [{ path: 'api', calls, failed, p99Ms: 10, tries: calls, badTries: failed }],
      });
  }
  const logs = JSON.stringify(receiver.asked.filter(({ path }) => path === '/v1/logs'));
  expect(logs.match(/page: api burns its error budget 14.4 times too fast/g)).toHaveLength(1);
});

test('a receiver that is away is told of once, holds up nobody, and shows no secret', async () => {
  vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'authorization=very-secret');
  const said: string[] = [];
  const startMs = nowMs();
  {
    await using live = await exportLive({ otlp: `http://127.0.0.1:${await freePort()}` }, (line) => said.push(line));
    tellOfRun(live);
    live.judged(verdict);
    tellOfRun(live, 'run-2');
  }
  expect(nowMs() - startMs).toBeLessThan(3_000);
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/the drill goes on without: http:.*ECONNREFUSED/);

  await using refusing = await startJsonServer(({ headers }) => ({ status: 401, body: `no ${headers.authorization}` }));
  {
    await using live = await exportLive({ otlp: refusing.url }, (line) => said.push(line));
    tellOfRun(live);
  }
  expect(said[1]).toContain('it answers 401 to v1/metrics: no ***');
});

/** Three times what there is to send. */
async function tellOfTwoRuns(url: string): Promise<string[]> {
  const said: string[] = [];
  await using live = await exportLive({ otlp: url }, (line) => said.push(line));
  for (const runId of ['run-1', 'run-2']) {
    tellOfRun(live, runId);
    live.judged(verdict);
  }
  return said;
}

const countIn = (asked: readonly { path: string; body: unknown }[], event: string): number =>
  JSON.stringify(asked.filter(({ path }) => path === '/v1/logs')).split(`"tenfold.${event}"`).length - 1;

test('what a receiver has answered it is not sent again, whatever it rejects or warns of, and both are told once', async () => {
  vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'authorization=very-secret');
  await using receiver = await startJsonServer(({ path }) => ({
    status: 200,
    body:
      path === '/v1/logs'
        ? '{"partialSuccess":{"rejectedLogRecords":"0","errorMessage":"very-secret will end"}}'
        : '{"partialSuccess":{"rejectedDataPoints":"2"}}',
  }));
  const said = await tellOfTwoRuns(receiver.url);
  expect(countIn(receiver.asked, 'started')).toBe(2);
  expect(countIn(receiver.asked, 'verdict')).toBe(2);
  expect(said.toSorted()).toEqual([
    `${receiver.url}: it rejected 2 of the data points: it does not say why; more of this is not told`,
    `${receiver.url}: it took all events, and says: *** will end; more of this is not told`,
  ]);
});

test('events go where metrics do not, and metrics are refused once in words', async () => {
  await using receiver = await startJsonServer(({ path }) =>
    path === '/v1/metrics' ? { status: 404, body: 'logs only' } : { status: 200, body: '{}' },
  );
  const said = await tellOfTwoRuns(receiver.url);
  expect(countIn(receiver.asked, 'started')).toBe(2);
  expect(said).toEqual([
    `metrics cannot be sent, and the drill goes on without: ${receiver.url}: it answers 404 to v1/metrics: logs only`,
  ]);
});

test('events that were refused are sent again, and it is told when they are taken', async () => {
  let count = 0;
  await using receiver = await startJsonServer(({ path }) => {
    if (path === '/v1/logs') count += 1;
    return count === 1 && path === '/v1/logs' ? { status: 503, body: 'full' } : { status: 200, body: '{}' };
  });
  const said = await tellOfTwoRuns(receiver.url);
  expect(countIn(receiver.asked.slice(0, 2), 'verdict')).toBe(2);
  expect(countIn(receiver.asked, 'verdict')).toBe(4);
  expect(said).toEqual([
    `events cannot be sent, and the drill goes on without: ${receiver.url}: it answers 503 to v1/logs: full`,
    `${receiver.url} takes events again`,
  ]);
});

test('a receiver that never answers delays the end of the command by two seconds', async () => {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  let endedMs = 0;
  {
    await using live = await exportLive({ otlp: `http://127.0.0.1:${port}` }, () => {});
    tellOfRun(live);
    live.judged(verdict);
    endedMs = nowMs();
  }
  expect(nowMs() - endedMs).toBeLessThan(3_000);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('headers that cannot be read are refused, and not shown', async () => {
  for (const value of ['very-secret', 'a=%zz-very-secret', 'a b=very-secret']) {
    vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', value);
    const error = await exportLive({ otlp: 'http://127.0.0.1:4318' }, () => {}).then(
      () => new Error('it was taken'),
      (refused: Error) => refused,
    );
    expect(error.message).toBe('OTEL_EXPORTER_OTLP_HEADERS does not hold headers');
  }
});
