import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dashboard } from '../src/docs/dashboard.ts';
import { exportLive } from '../src/export/live.ts';
import { onPath } from '../src/load/find-k6.ts';
import { nowMs, waitFor } from '../src/runtime/clock.ts';
import { readJson } from '../src/runtime/files.ts';
import { rootFolder } from '../src/runtime/processes.ts';
import { shell } from '../src/runtime/shell.ts';
import { makePlace, type Place } from './harness.ts';
import { shellOf } from './leftovers.ts';
import { exported } from './support/exported.ts';
import { freePort } from './support/free-port.ts';
import { nodeLossRun } from './support/runs/node-loss.ts';

const recorded = join(rootFolder, 'fixtures', 'runs', 'aurora-failover-holds');

const prometheus = (await onPath('prometheus')) && (await onPath('promtool'));

describe.skipIf(!prometheus)('a Prometheus (skipped where there is none on the PATH)', () => {
  test('scrapes a drill as it runs', async () => {
    await using place = await makePlace();
    const said: string[] = [];
    await using live = await exportLive({ metrics: { host: '127.0.0.1', port: 0 } }, (line) => said.push(line));
    const { host } = new URL(/metrics at (\S+)/.exec(said.join())?.[1] ?? '');
    await using server = await startPrometheus(place, join(place.mark, 'data'), {
      scrape_configs: [{ job_name: 'tenfold', scrape_interval: '1s', static_configs: [{ targets: [host] }] }],
    });
    const { plan } = nodeLossRun();
    const { drill, target } = plan;
    const environment = { commit: null, dirty: null, versions: {}, scale: 'x', fidelity: [], fingerprint: 'x' };
    live.begin(plan);
    live.listener({
      kind: 'run-started',
      atMs: nowMs(),
      ...{ drill, runId: 'run-1', target, profile: 'p', command: 'c', environment },
    });
    live.listener({ kind: 'fault', atMs: nowMs(), fault: 'node-loss', state: 'injected' });
    const query = encodeURIComponent('tenfold_fault{job="tenfold",drill="node-loss",run="run-1"} == 1');
    const scraped = async () => {
      const answer = await (await fetch(`${server.url}/api/v1/query?query=${query}`)).json();
      return (answer as { data: { result: unknown[] } }).data.result.length > 0 || undefined;
    };
    await waitFor('a scrape', scraped, { timeoutMs: 20_000, intervalMs: 500 });
  });

  test('imports a run, and answers every query of the dashboard', async () => {
    // But for neighbours, of which this run did not tell yet.
    await using place = await makePlace();
    const [om, data] = [join(place.mark, 'run.om'), join(place.mark, 'data')];
    await exported(place, recorded, 'openmetrics', om);
    const imported = await shellOf(place)`promtool tsdb create-blocks-from openmetrics ${om} ${data}`;
    expect(imported.exitCode, imported.stdall).toBe(0);
    await using server = await startPrometheus(place, data);
    const { runId, startedAt, finishedAt } = (await readJson(join(recorded, 'verdict.json'))) as Record<string, string>;
    const range = {
      start: Date.parse(startedAt ?? '') / 1_000,
      end: Math.ceil(Date.parse(finishedAt ?? '') / 1_000) + 1,
    };
    for (const expr of queriesOf(dashboard()).filter((one) => !one.includes('neighbour'))) {
      const query = expr
        .replaceAll('$run', runId ?? '')
        .replaceAll('$window', '5s')
        .replaceAll('$__range', '10m');
      const asked = new URLSearchParams({ query, start: `${range.start}`, end: `${range.end}`, step: '1' });
      const answer = await (await fetch(`${server.url}/api/v1/query_range?${asked}`)).json();
      expect(answer, query).toMatchObject({ status: 'success' });
      expect((answer as { data: { result: unknown[] } }).data.result.length, query).toBeGreaterThan(0);
    }
  });
});

const queriesOf = (made: unknown): string[] =>
  (made as { panels: { targets: { expr: string }[] }[] }).panels.flatMap(({ targets }) =>
    targets.map(({ expr }) => expr),
  );

async function startPrometheus(
  place: Place,
  data: string,
  settings: object = {},
): Promise<AsyncDisposable & { url: string }> {
  const config = join(place.mark, 'prometheus.yml');
  await writeFile(config, JSON.stringify(settings));
  const url = `127.0.0.1:${await freePort()}`;
  const flags = [`--config.file=${config}`, `--storage.tsdb.path=${data}`, '--storage.tsdb.retention.time=50y'];
  const running = shellOf(place)`prometheus ${flags} --web.listen-address=${url}`;
  await waitFor('Prometheus', async () => (await fetch(`http://${url}/-/ready`)).ok || undefined, {
    timeoutMs: 30_000,
    intervalMs: 200,
  });
  return {
    url: `http://${url}`,
    async [Symbol.asyncDispose]() {
      await running.kill('SIGTERM');
      await running;
    },
  };
}

const go = await onPath('go');

describe.skipIf(!go)('an OpenTelemetry Collector (skipped where there is no Go to build it)', () => {
  test('takes all data points and events of a run', { timeout: 900_000 }, async () => {
    await using place = await makePlace();
    await using collector = await startCollector(place);
    const wrote = await exported(place, recorded, 'otlp', collector.url);
    const [, points, events] = /^(\d+) data points and (\d+) events/.exec(wrote) ?? [];
    const { metrics, logs } = await collector.end();
    expect(metrics.match(/"asDouble"/g)).toHaveLength(Number(points));
    expect(logs.match(/"eventName":"tenfold\./g)).toHaveLength(Number(events));
    expect(metrics).toContain('"name":"tenfold.calls"');
    expect(metrics).toContain('"aggregationTemporality":2,"isMonotonic":true');
  });
});

async function startCollector(place: Place) {
  const program = join(place.mark, 'collector');
  const built = await shell({
    cwd: join(rootFolder, 'tests', 'collector'),
    env: process.env,
  })`go build -mod=readonly -o ${program} .`;
  expect(built.exitCode, built.stderr).toBe(0);
  const files = { metrics: join(place.mark, 'metrics.jsonl'), logs: join(place.mark, 'logs.jsonl') };
  const endpoint = `127.0.0.1:${await freePort()}`;
  const config = {
    receivers: { otlp: { protocols: { http: { endpoint } } } },
    exporters: { 'file/metrics': { path: files.metrics }, 'file/logs': { path: files.logs } },
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: {
        metrics: { receivers: ['otlp'], exporters: ['file/metrics'] },
        logs: { receivers: ['otlp'], exporters: ['file/logs'] },
      },
    },
  };
  const file = join(place.mark, 'collector.yaml');
  await writeFile(file, JSON.stringify(config));
  const running = shellOf(place)`${program} --config ${file}`;
  const url = `http://${endpoint}`;
  await waitFor('the collector', async () => (await fetch(url)).status, { timeoutMs: 30_000, intervalMs: 200 });
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    stopping ??= running.kill('SIGTERM');
    await stopping;
    return await running;
  };
  return {
    url,
    /** What it has written, once it has ended. */
    async end() {
      const { exitCode, stderr } = await stop();
      expect(exitCode, stderr).toBe(0);
      return { metrics: await readFile(files.metrics, 'utf8'), logs: await readFile(files.logs, 'utf8') };
    },
    [Symbol.asyncDispose]: async () => void (await stop()),
  };
}

test('the example notebook runs', { timeout: 900_000 }, async () => {
  await using place = await makePlace();
  const [venv, to] = [join(place.mark, 'python'), join(place.mark, 'tables')];
  await exported(place, recorded, 'parquet', to);
  const made = await shell`python3 -m venv ${venv}`;
  if (!made.ok)
    throw new Error(
      `The notebook needs Python 3 with venv (Debian, Ubuntu: apt-get install python3 python3-venv).\n${made.stdall}`,
    );
  const python = join(venv, 'bin', 'python');
  const folder = join(rootFolder, 'docs', 'notebook');
  const installed = await shell`${python} -m pip install --quiet --requirement ${join(folder, 'requirements.txt')}`;
  expect(installed.exitCode, installed.stdall).toBe(0);
  const run = [
    'import nbformat, nbclient, sys',
    'notebook = nbformat.read(sys.argv[1], as_version=4)',
    'nbclient.NotebookClient(notebook).execute()',
    'print(nbformat.writes(notebook))',
  ].join('\n');
  const env = {
    TENFOLD_EXPORT: to,

    PYTHONDONTWRITEBYTECODE: '1',
    IPYTHONDIR: join(place.mark, 'ipython'),
  };
  const result = await shellOf(place, env)`${python} -c ${run} ${join(folder, 'run.ipynb')}`;
  expect(result.exitCode, result.stderr).toBe(0);
  const { cells } = JSON.parse(result.stdout) as { cells: { cell_type: string; outputs?: unknown[] }[] };
  for (const { outputs } of cells.filter(({ cell_type: type }) => type === 'code')) expect(outputs).not.toEqual([]);
  expect(result.stdout).toContain('recovery.write');
  expect(result.stdout).toContain('image/png');
});
