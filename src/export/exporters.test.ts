import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { freePort } from '../../tests/support/free-port.ts';
import { startJsonServer } from '../../tests/support/json-server.ts';
import { storedFixture } from '../../tests/support/stored-fixture.ts';
import { Database, quoted } from '../analysis/database.ts';
import { judgeStored } from '../drill/judge-run.ts';
import { rootFolder } from '../runtime/processes.ts';
import { exporters } from './exporters.ts';
import { readStoredRun, type StoredRun } from './stored-run.ts';

const fixture = 'aurora-failover-holds';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenfold-export-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test.each(['csv', 'parquet'] as const)('the tables of a run as %s hold all of it', async (format) => {
  using run = await storedFixture(fixture);
  const to = join(folder, 'tables');
  await exporters[format].check(to);
  await exporters[format].write(run, to);
  expect((await readdir(to)).sort()).toEqual(
    ['calls', 'events', 'probes', 'series'].map((name) => `${name}.${format}`),
  );
  using database = await Database.open();
  const from = (name: string) => quoted(join(to, `${name}.${format}`));
  const [calls] = await database.rows(`SELECT count(*)::DOUBLE AS count, count(*) FILTER (failed)::DOUBLE AS failed,
    epoch_ms(min(time))::DOUBLE AS from_ms FROM ${from('calls')} WHERE phase = 'peak'`);
  const peak = run.facts.calls.find(({ calls, phase }) => calls === 'all' && phase === 'peak');
  expect(calls).toMatchObject({ count: peak?.count, failed: peak?.failed });
  expect(Math.abs(Number(calls?.from_ms) - (run.facts.timeline.peakStartMs ?? 0))).toBeLessThan(1_000);
  const [probes] = await database.rows(`SELECT count(DISTINCT lane)::DOUBLE AS lanes FROM ${from('probes')}`);
  expect(probes?.lanes).toBeGreaterThan(5);
  const series =
    await database.rows(`SELECT path, result, max(value) AS value, any_value(run) AS run FROM ${from('series')}
    WHERE metric = 'tenfold_first_tries_total' GROUP BY ALL`);
  for (const { path, good, bad } of run.facts.budgets ?? []) {
    expect(series).toContainEqual({ path, result: 'good', value: good, run: run.facts.run.runId });
    expect(series).toContainEqual({ path, result: 'bad', value: bad, run: run.facts.run.runId });
  }
  const events = await database.rows(`SELECT name, text FROM ${from('events')} WHERE name = 'verdict'`);
  expect(events).toEqual([{ name: 'verdict', text: 'the verdict is pass' }]);
});

test('a receiver gets all of a run, in requests that are not too long', async () => {
  using run = await storedFixture(fixture);
  await using receiver = await startJsonServer(() => ({ status: 200, body: '{"partialSuccess":{}}' }));
  const wrote = await exporters.otlp.write(run, `${receiver.url}/base`);
  const points = run.snapshots.reduce((sum, { samples }) => sum + samples.length, 0);
  expect(wrote).toBe(`${points} data points and ${run.events.length} events to ${receiver.url}/base`);
  const sent = receiver.asked.filter(({ path }) => path === '/base/v1/metrics').map(({ body }) => JSON.stringify(body));
  expect(sent.length).toBeGreaterThan(1);
  expect(sent.join('').match(/"asDouble"/g)).toHaveLength(points);
  expect(Math.max(...sent.map(({ length }) => length))).toBeLessThan(2_000_000);
});

test('what a receiver did not take is an error, with how much it took before', async () => {
  using run = await storedFixture(fixture);
  let count = 0;
  await using full = await startJsonServer(() => {
    count += 1;
    return count > 1 ? { status: 503, body: 'full' } : { status: 200, body: '{}' };
  });
  await expect(exporters.otlp.write(run, full.url)).rejects.toThrow(
    /answers 503 to v1\/metrics: full\n1 of \d+ requests/,
  );
  const away = `http://127.0.0.1:${await freePort()}`;
  await expect(exporters.otlp.write(run, away)).rejects.toThrow(/ECONNREFUSED/);
});

test('what a receiver rejects is an error once all was sent, and told with its number; a warning is none', async () => {
  using run = await storedFixture(fixture);
  const answering = async (metrics: object, logs: object) => {
    await using receiver = await startJsonServer(({ path }) => ({
      status: 200,
      body: JSON.stringify({ partialSuccess: path === '/v1/logs' ? logs : metrics }),
    }));
    const told = await exporters.otlp.write(run, receiver.url).catch((error: Error) => error);
    return { told, requests: receiver.asked.length, url: `${receiver.url}/` };
  };
  const { requests, told } = await answering({}, {});
  expect(requests).toBeGreaterThan(2);
  const each = await answering({ rejectedDataPoints: '3', errorMessage: 'too old' }, { rejectedLogRecords: 1 });
  expect(each.told).toMatchObject({
    message: [
      `${each.url}: it rejected ${3 * (requests - 1)} of the data points: too old`,
      `${each.url}: it rejected 1 of the events: it does not say why`,
    ].join('\n'),
  });
  expect(each.requests).toBe(requests);
  const warned = await answering({ rejectedDataPoints: '0', errorMessage: 'soon gone' }, {});
  expect(String(warned.told).split('\n')).toEqual([
    String(told).replace(/http\S+/, warned.url),
    `${warned.url}: it took all data points, and says: soon gone`,
  ]);
});

interface Annotation {
  time: number;
  timeEnd?: number;
  tags: string[];
  text: string;
}

test('a Grafana gets the phases and the fault as regions, and the same run only once', async () => {
  vi.stubEnv('GRAFANA_TOKEN', 'glsa_secret');
  using run = await storedFixture(fixture);
  const kept: Annotation[] = [];
  await using grafana = await startJsonServer(({ method, path, headers, body }) => {
    if (headers.authorization !== 'Bearer glsa_secret') return { status: 401, body: '{"message":"Unauthorized"}' };
    if (method === 'POST') {
      kept.push(body as Annotation);
      return { status: 200, body: '{"message":"Annotation added","id":1}' };
    }
    const tags = new URL(path, 'http://grafana').searchParams.getAll('tags');
    return { status: 200, body: JSON.stringify(kept.filter((one) => tags.every((tag) => one.tags.includes(tag)))) };
  });
  const to = `${grafana.url}/grafana/`;
  await exporters['grafana-annotations'].check(to);
  await exporters['grafana-annotations'].write(run, to);
  expect(new Set(grafana.asked.map(({ path }) => path.split('?')[0]))).toEqual(new Set(['/grafana/api/annotations']));
  const { injectedAtMs, revertedAtMs } = run.facts.fault ?? {};
  const ofKind = (name: string) => kept.filter(({ tags }) => tags.includes(name));
  expect(ofKind('phase').map(({ text }) => text)).toEqual(
    ['baseline', 'ramp', 'peak', 'fault'].map((phase) => `phase: ${phase}`),
  );
  expect(ofKind('fault')).toContainEqual({
    time: Math.round(injectedAtMs ?? 0),
    ...(revertedAtMs != null && { timeEnd: Math.round(revertedAtMs) }),
    tags: ['tenfold', 'aurora-failover', run.facts.run.runId, 'fault'],
    text: 'fault: rds-failover',
  });
  expect(ofKind('verdict')).toHaveLength(1);
  const count = kept.length;
  await expect(exporters['grafana-annotations'].write(run, to)).rejects.toThrow(
    'it has annotations of this run already',
  );
  expect(kept).toHaveLength(count);
  vi.stubEnv('GRAFANA_TOKEN', 'another');
  await expect(exporters['grafana-annotations'].write(run, to)).rejects.toThrow(/answers 401 .*Unauthorized/);
});

test('where something is, or something else is needed, nothing is exported', async () => {
  vi.stubEnv('GRAFANA_TOKEN', '');
  const file = join(folder, 'there');
  await writeFile(file, 'mine');
  await mkdir(join(folder, 'empty'));
  await expect(exporters.openmetrics.check(file)).rejects.toThrow(/something at .*there already/);
  await expect(exporters.openmetrics.check('http://localhost')).rejects.toThrow(
    /is a URL, and this format needs a file/,
  );
  await expect(exporters.csv.check(file)).rejects.toThrow(/is a file, and this format needs a folder/);
  await expect(exporters.csv.check(folder)).rejects.toThrow(/something in .* already/);
  await exporters.csv.check(join(folder, 'empty'));
  for (const to of ['run.om', 'ftp://host', 'http://me:secret@host', 'http://host/?token=secret'])
    await expect(exporters.otlp.check(to)).rejects.toThrow(/^(?!.*secret).*needs the URL of a server/);
  await expect(exporters['grafana-annotations'].check('http://host')).rejects.toThrow(/GRAFANA_TOKEN is not set/);
  expect(await readFile(file, 'utf8')).toBe('mine');
});

/** A recorded run with something done to it. */
async function spoilt(spoil: (evidence: string) => Promise<unknown>): Promise<StoredRun> {
  const run = join(folder, 'run');
  await cp(join(rootFolder, 'fixtures', 'runs', fixture), run, { recursive: true });
  await spoil(join(run, 'evidence'));
  return await readStoredRun(run, 'run', await judgeStored(run));
}

test('evidence that was cut, or lost what it was sealed with, is refused', async () => {
  await expect(spoilt((evidence) => truncate(join(evidence, 'k6.csv.gz'), 10_000))).rejects.toThrow(
    /the evidence of run is not what the run left:\nk6.csv.gz is not the file that the run sealed/,
  );
  await rm(join(folder, 'run'), { recursive: true });
  await expect(spoilt((evidence) => rm(join(evidence, 'manifest.json')))).rejects.toThrow(/manifest.json is missing/);
});

test('a run that crashed before it was sealed is exported as far as it is there, and says what is missing', async () => {
  using run = await spoilt(async (evidence) => {
    await rm(join(evidence, 'manifest.json'));
    await rm(join(evidence, 'probes.csv.gz'));
    const path = join(evidence, 'observations.ndjson');
    const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => !line.includes('"run-finished"'));
    await writeFile(path, lines.join('\n'));
  });
  expect(run.missing).toEqual(['probes.csv.gz is missing']);
  const to = join(folder, 'tables');
  await exporters.csv.write(run, to);
  expect((await readdir(to)).sort()).toEqual(['calls.csv', 'events.csv', 'series.csv']);
});
