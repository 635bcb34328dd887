import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LoadSpec } from '../model/load-spec.ts';
import { rootFolder } from '../runtime/processes.ts';
import { findK6, type K6 } from './find-k6.ts';
import { runWorkers } from './run-workers.ts';

let folder: string;
let k6: K6;
const asked: string[] = [];
/** A shop that does nothing but to note what it is asked for. */
const shop = createServer((request, response) => {
  const key = request.headers['idempotency-key'];
  asked.push([request.method, request.url, key ?? ''].join(' '));
  request.resume().on('end', () => response.writeHead(request.method === 'POST' ? 201 : 200).end('{"id":"one"}'));
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenfold-test-'));
  k6 = await findK6(() => {});
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
}, 900_000);
afterAll(async () => {
  shop.closeAllConnections();
  shop.close();
  await rm(folder, { recursive: true });
});

const spec = (): LoadSpec => ({
  runId: 'r',
  baseUrl: `http://127.0.0.1:${(shop.address() as AddressInfo).port}`,
  tenants: ['a', 'b'],
  family: 4,
  looks: [],
  seed: 7,
  products: 100,
  baselineRatePerSecond: 20,
  peakRatePerSecond: 100,
  mix: { list: 0.2, product: 0.4, search: 0.1, cart: 0.1, checkout: 0.2 },
  stages: [
    { durationMs: 1_000, ratePerSecond: 20 },
    { durationMs: 1_000, ratePerSecond: 100 },
    { durationMs: 1_000, ratePerSecond: 100 },
    // Nothing is due at the very end: whether k6 still starts it is chance, in one process as in several.
    { durationMs: 1, ratePerSecond: 0 },
    { durationMs: 300, ratePerSecond: 0 },
  ],
  browseVus: 20,
  buyVus: 9,
});

const script = join(rootFolder, 'scenarios', 'traffic', 'black-friday.ts');

/** Runs the schedule in so many processes: what the shop was asked for, sorted, and the CSVs. */
async function runWith(count: number) {
  asked.length = 0;
  const paths = Array.from({ length: count }, (_, index) => join(folder, `of-${count}-${index}.csv`));
  await using running = await runWorkers(k6, {
    script,
    spec: spec(),
    specFile: join(folder, 'load.json'),
    csvPaths: paths,
  });
  const how = await running.ended;
  const isPlanned = (line: string) => !line.includes('/sessions');
  return {
    how,
    requests: asked.filter(isPlanned).sort(),
    csvs: await Promise.all(paths.map((p) => readFile(p, 'utf8'))),
  };
}

const startOf = (csv: string): string | undefined => /^tenfold_schedule_start,\d+,([\d.]+)/m.exec(csv)?.[1];

test('several processes send what one would have sent, from the same millisecond on', async () => {
  const one = await runWith(1);
  const three = await runWith(3);
  expect(one.how, one.how.lastLines.join('\n')).toMatchObject({ exitCode: 0 });
  expect(three.how, three.how.lastLines.join('\n')).toMatchObject({ exitCode: 0 });
  expect(one.requests.length).toBeGreaterThan(150);
  expect(three.requests).toEqual(one.requests);

  const starts = three.csvs.map(startOf);
  expect(starts[0]).toBeDefined();
  expect(new Set(starts).size).toBe(1);
  // Each has a share of the work, and each tells how late it is.
  for (const csv of three.csvs) {
    expect(csv.match(/^tenfold_call,/gm)?.length).toBeGreaterThan(one.requests.length / 6);
    expect(csv).toMatch(/^tenfold_generator_late,/m);
  }
});

test('when one of several fails, all are ended, and it is told why', async () => {
  const failing = join(folder, 'failing.ts');
  await writeFile(
    failing,
    `import exec from 'k6/execution';
     import { startSchedule } from '${join(rootFolder, 'scenarios', 'traffic', 'contract.ts')}';
     export const options = { scenarios: { one: { executor: 'constant-vus', vus: 2, duration: '60s' } } };
     export const setup = startSchedule;
     export default () => { if (exec.vu.idInTest === 2) exec.test.abort('enough of it'); };`,
  );
  const csvPaths = [join(folder, 'a.csv'), join(folder, 'b.csv')];
  await using running = await runWorkers(k6, {
    script: failing,
    spec: spec(),
    specFile: join(folder, 'load.json'),
    csvPaths,
  });
  const { exitCode, lastLines } = await running.ended;
  expect(exitCode).not.toBe(0);
  expect(lastLines.join('\n')).toContain('enough of it');
});
