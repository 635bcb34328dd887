import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Database, quoted } from '../src/analysis/database.ts';
import { exitCodes } from '../src/model/exit-codes.ts';
import { shell } from '../src/runtime/shell.ts';
import { leftovers, makePlace, startTenfold, theRun } from './harness.ts';
import { exported } from './support/exported.ts';
import { startJsonServer } from './support/json-server.ts';

/** The value of a series in a scraped text. */
const valueIn = (text: string, series: RegExp): number =>
  Number(new RegExp(`^${series.source} (\\S+)$`, 'm').exec(text)?.[1]);

test('a drill is scraped and sent on as it runs, and exported afterwards', async () => {
  await using place = await makePlace();
  await using receiver = await startJsonServer(() => ({ status: 200, body: '{}' }));
  const secret = 'a-key-that-must-not-be-written-down';
  const running = startTenfold(
    place,
    [
      'run',
      'aurora-failover',
      '--profile',
      'brief',
      '--reports',
      place.reports,
      '--metrics',
      '0',
      '--otlp',
      receiver.url,
    ],
    { OTEL_EXPORTER_OTLP_HEADERS: `x-key=${secret}` },
  );
  const scrapes = await scrapesOf(running);
  const result = await running;
  const { folder, verdict } = await theRun(place);
  expect(verdict.status, result.stderr).toBe('completed');
  expect(result.stderr + (await shell`grep -r ${secret} ${folder}`).stdout).not.toContain(secret);

  const phases = scrapes.flatMap((text) => /^tenfold_phase\{.*phase="(\w+)"\} 1$/m.exec(text)?.[1] ?? []);
  expect([...new Set(phases)]).toEqual(
    ['baseline', 'ramp', 'peak', 'fault', 'recovered'].filter((phase) => phases.includes(phase)),
  );
  expect(new Set(phases)).toContain('fault');
  const calls = scrapes
    .map((text) => valueIn(text, /tenfold_calls_total\{.*path="api",result="ok"\}/))
    .filter(Number.isFinite);
  expect(calls).toEqual(calls.toSorted((a, b) => a - b));
  const sent = receiver.asked.map(({ path, headers, body }) => ({
    path,
    key: headers['x-key'],
    text: JSON.stringify(body),
  }));
  expect(new Set(sent.map(({ key }) => key))).toEqual(new Set([secret]));
  expect(sent.filter(({ path }) => path === '/v1/metrics').length).toBeGreaterThan(5);
  expect(sent.findLast(({ path }) => path === '/v1/logs')?.text).toContain('tenfold.verdict');

  const [csv, parquet, om] = ['csv', 'parquet', 'run.om'].map((name) => join(place.mark, name)) as [
    string,
    string,
    string,
  ];
  await exported(place, folder, 'csv', csv);
  await exported(place, folder, 'parquet', parquet);
  await exported(place, folder, 'openmetrics', om);
  using database = await Database.open();
  for (const table of ['series', 'events', 'calls', 'probes']) {
    const count = async (path: string) =>
      (await database.rows(`SELECT count(*)::DOUBLE AS rows FROM ${quoted(path)}`))[0]?.rows;
    const rows = await count(join(csv, `${table}.csv`));
    expect(rows).toBe(await count(join(parquet, `${table}.parquet`)));
    expect(rows).toBeGreaterThan(10);
  }
  const [ok] = await database.rows(
    `SELECT count(*)::DOUBLE AS calls FROM ${quoted(join(parquet, 'calls.parquet'))} WHERE path = 'api' AND NOT failed`,
  );
  // A scrape knows the calls of which k6 has written by then.
  expect(ok?.calls).toBeGreaterThanOrEqual(calls.at(-1) ?? 0);
  expect(calls.at(-1)).toBeGreaterThan(0.8 * Number(ok?.calls));
  const text = await readFile(om, 'utf8');
  expect(text.endsWith('\n# EOF\n')).toBe(true);
  expect(text).toContain(
    `tenfold_verdict{drill="aurora-failover",run="${verdict.runId}",outcome="${verdict.outcome}"} 1 `,
  );
  const again = await startTenfold(place, ['export', folder, '--format', 'openmetrics', '--to', om]);
  expect(again.exitCode).toBe(exitCodes.invalid);
  expect(await readFile(om, 'utf8')).toBe(text);
  expect(await leftovers(place)).toEqual([]);
});

/** What can be scraped, each second until the command ends. */
async function scrapesOf(running: ReturnType<typeof startTenfold>): Promise<string[]> {
  let said = '';
  let isOver = false;
  running.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  void running.then(() => {
    isOver = true;
  });
  const scrapes: string[] = [];
  while (!isOver) {
    const url = /metrics at (\S+)\n/.exec(said)?.[1];
    const text =
      url &&
      (await fetch(url).then(
        (answer) => answer.text(),
        () => '',
      ));
    if (text) scrapes.push(text);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  return scrapes;
}
