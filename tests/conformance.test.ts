import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { rootFolder } from '../src/runtime/processes.ts';
import { shell } from '../src/runtime/shell.ts';
import { leftovers, makePlace, type Place } from './harness.ts';
import { shellOf } from './leftovers.ts';

const folder = join(rootFolder, 'tests', 'conformance');

test('boto3 drives the AWS endpoint of a whole region as it drives AWS', async () => {
  await using place = await makePlace();
  const python = await makePython(place);
  const region = startRegion(place);
  try {
    const document = join(place.reports, '..', 'region.json');
    await writeFile(document, await firstLine(region));
    const script = [join(folder, 'fis_rds.py'), document, join(folder, 'requests.json')];
    const result = await shell({ env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } })`${python} ${script}`;
    expect(result.exitCode, result.stdall).toBe(0);
    expect(result.stdout).toMatch(/^\d\d+ passed, 0 failed$/m);
  } finally {
    region.stdin.end();
    await region;
  }
  expect(await leftovers(place)).toEqual([]);
});

/** The place's own Python with boto3; fails with what to install when there is no Python. */
async function makePython(place: Place): Promise<string> {
  const venv = join(place.reports, '..', 'python');
  const made = await shell`python3 -m venv ${venv}`;
  if (!made.ok)
    throw new Error(
      `The conformance tests need Python 3 with venv (Debian, Ubuntu: apt-get install python3 python3-venv).\n${made.stdall}`,
    );
  const python = join(venv, 'bin', 'python');
  await shell({ nothrow: false })`${python} -m pip install --quiet --requirement ${join(folder, 'requirements.txt')}`;
  return python;
}

/** The place's own region, which ends when its stdin does. */
function startRegion(place: Place) {
  const main = join(rootFolder, 'infra-under-test', 'region', 'main.ts');
  const args = [main, 'up', '--json', '--lifeline', '--dir', join(place.temp, 'region')];
  return shellOf(place)({ stdio: 'pipe' })`${process.execPath} ${args}`;
}

/** What a region says when it is ready. */
async function firstLine(region: ReturnType<typeof startRegion>): Promise<string> {
  for await (const line of createInterface({ input: region.stdout })) return line;
  throw new Error(`the region did not start:\n${(await region).stderr}`);
}
