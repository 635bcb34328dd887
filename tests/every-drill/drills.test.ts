import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { exitCodes } from '../../src/model/exit-codes.ts';
import { rootFolder } from '../../src/runtime/processes.ts';
import { expectWhatHoldsOnAnyHost, leftovers, makePlace, startTenfold, theRun } from '../harness.ts';

const drills = readdirSync(join(rootFolder, 'scenarios'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => basename(file, '.ts'));

test.each(drills)('%s runs to a verdict that matches its evidence, and leaves nothing behind', async (drill) => {
  await using place = await makePlace();
  const result = await startTenfold(place, ['run', drill, '--profile', 'brief', '--reports', place.reports]);
  const { verdict } = await theRun(place, drill);
  expectWhatHoldsOnAnyHost(verdict, result.stderr);
  expect(result.exitCode).toBe(exitCodes[verdict.outcome]);
  expect(await leftovers(place)).toEqual([]);
});
