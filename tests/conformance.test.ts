import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { rootFolder } from '../src/runtime/processes.ts';
import { leftovers, makePlace, type Place } from './harness.ts';

const folder = join(rootFolder, 'tests', 'conformance');

test('boto3 drives the AWS endpoint of a whole region as it drives AWS', async () => {
  await using place = await makePlace();
  const python = await makePython(place);
  const region = startRegion(place);
  try {
    const document = join(place.reports, '..', 'region.json');
    await writeFile(document, await firstLine(region));
    const script = [join(folder, 'fis_rds.py'), document, join(folder, 'requests.json')];
    const result = await execa(python, script, { all: true, reject: false, env: { PYTHONDONTWRITEBYTECODE: '1' } });
    expect(result.exitCode, result.all).toBe(0);
    expect(result.stdout).toMatch(/^\d\d+ passed, 0 failed$/m);
  } finally {
    region.stdin?.end();
    await region;
  }
  expect(await leftovers(place)).toEqual([]);
});

/** A Python of the place's own with boto3; fails with what to install when there is no Python. */
async function makePython(place: Place): Promise<string> {
  const venv = join(place.reports, '..', 'python');
  const made = await execa('python3', ['-m', 'venv', venv], { all: true, reject: false });
  if (made.failed)
    throw new Error(
      `The conformance tests need Python 3 with venv (Debian, Ubuntu: apt-get install python3 python3-venv).\n${made.all ?? made.message}`,
    );
  const python = join(venv, 'bin', 'python');
  await execa(python, ['-m', 'pip', 'install', '--quiet', '--requirement', join(folder, 'requirements.txt')]);
  return python;
}

/** A region of the place's own, which ends when its stdin does. */
function startRegion(place: Place) {
  const main = join(rootFolder, 'infra-under-test', 'region', 'main.ts');
  const args = [main, 'up', '--json', '--lifeline', '--dir', join(place.temp, 'region')];
  return execa(process.execPath, args, {
    reject: false,
    stdin: 'pipe',
    env: { TMPDIR: place.temp, TENFOLD_TEST_MARK: place.mark },
  });
}

/** What a region says when it is ready. */
async function firstLine(region: ReturnType<typeof startRegion>): Promise<string> {
  for await (const line of createInterface({ input: region.stdout })) return line;
  throw new Error(`the region did not start:\n${(await region).stderr}`);
}
