import { expect, test } from 'vitest';
import { loadDrills } from '../../src/cli/load-drill.ts';
import { folders, targetNamed } from '../../src/cli/wire.ts';
import { exitCodes } from '../../src/model/exit-codes.ts';
import { lacking } from '../../src/plan/make-plan.ts';
import { expectWhatHoldsOnAnyHost, leftovers, makePlace, startTenfold, theRun } from '../harness.ts';

const local = targetNamed('local');
const drills = (await loadDrills(folders.scenarios)).filter((drill) => lacking(drill, local).length === 0);

test.each(drills.map(({ name }) => name))(
  '%s runs to a verdict that matches its evidence, and leaves nothing behind',
  async (drill) => {
    await using place = await makePlace();
    const result = await startTenfold(place, ['run', drill, '--profile', 'brief', '--reports', place.reports]);
    const { verdict } = await theRun(place, drill);
    expectWhatHoldsOnAnyHost(verdict, result.stderr);
    expect(result.exitCode).toBe(exitCodes[verdict.outcome]);
    expect(await leftovers(place)).toEqual([]);
  },
);
