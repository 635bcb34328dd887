import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LiveCallReader } from './live-calls.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenfold-test-'));
  path = join(folder, 'k6.csv');
});
afterEach(async () => await rm(folder, { recursive: true }));

test('rows are given once, also when k6 has flushed only half of one', async () => {
  await using reader = await LiveCallReader.open([path]);
  await appendFile(path, 'metric_name,timestamp,metric_value,error_code,scenario,status,extra_tags,metadata\n');
  await appendFile(path, 'tenfold_schedule_start,1000000,1000.000000,,,,,\nhttp_reqs,2000000,1,,browse,200,,\n');
  await appendFile(path, 'tenfold_call,2000000,12.500000,,browse,,op=list&attempt=1&result=ok,\ntenfold_call,25000');
  expect(await reader.read()).toEqual({
    scheduleStartMs: 1000,
    calls: [{ startMs: 1987.5, wallMs: 12.5, failed: false, path: 'api', isFirst: true }],
    dropped: 0,
  });
  await appendFile(
    path,
    '00,500.000000,,buy,,result=failed&op=checkout,\ndropped_iterations,2500000,3.000000,,buy,,,\n',
  );
  expect(await reader.read()).toEqual({
    scheduleStartMs: 1000,
    calls: [{ startMs: 2000, wallMs: 500, failed: true, path: 'checkout', isFirst: true }],
    dropped: 3,
  });
});

test('a retry is told apart from a first try', async () => {
  await using reader = await LiveCallReader.open([path]);
  const row = (attempt: string) => `tenfold_call,2000000,1,,buy,,op=checkout&attempt=${attempt}&result=ok,\n`;
  await appendFile(path, ['1', '2', '10'].map(row).join(''));
  expect((await reader.read()).calls.map(({ isFirst }) => isFirst)).toEqual([true, false, false]);
});

test('a call that got no further than k6 is no call, but one that is missing', async () => {
  await using reader = await LiveCallReader.open([path]);
  await appendFile(path, 'tenfold_call,2000000,0.100000,,browse,,op=list&attempt=1&result=unsent,\n');
  expect(await reader.read()).toMatchObject({ calls: [], dropped: 1 });
});

test('before k6 has said anything nothing is known', async () => {
  await using reader = await LiveCallReader.open([path]);
  expect(await reader.read()).toEqual({ scheduleStartMs: null, calls: [], dropped: 0 });
});
