import { cp, mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exitCodes } from '../../src/model/exit-codes.ts';
import { rootFolder } from '../../src/runtime/processes.ts';
import type { Row } from './row.ts';

const recorded = join(rootFolder, 'fixtures', 'runs', 'spot-eviction-brief');

/** A recorded run with something wrong. */
const spoilt =
  (spoil: (run: string) => Promise<unknown>): NonNullable<Row['prepare']> =>
  async (folder) => {
    await cp(recorded, join(folder, 'run'), { recursive: true });
    await spoil(join(folder, 'run'));
  };

const replaced = (name: string, content: string) => spoilt((run) => writeFile(join(run, name), content));
const linked = (name: string, to: string) =>
  spoilt(async (run) => {
    await rm(join(run, name), { recursive: true });
    await symlink(to, join(run, name));
  });
const aFolder = (name: string) =>
  spoilt(async (run) => {
    await rm(join(run, name), { recursive: true, force: true });
    await mkdir(join(run, name));
  });

const refused = (what: string, prepare: Row['prepare'], says: RegExp, args = ['analyze', 'run']): Row => ({
  what,
  args,
  ...(prepare && { prepare }),
  says,
});

/** Judged, as far as it goes: inconclusive, with the reason among the findings. */
const inconclusive = (what: string, prepare: NonNullable<Row['prepare']>, prints: RegExp): Row => ({
  what,
  args: ['analyze', 'run', '--json'],
  prepare,
  exitCode: exitCodes.inconclusive,
  says: /^(judging run \(\d+ s\)\n?)*$/,
  prints,
});

const isNoRun = /is not the folder of a run: it has no plan\.json[\s\S]*what to do: runs are below reports/;
const isNoPlan = (why: RegExp) =>
  new RegExp(`plan\\.json is not a plan: ${why.source}[\\s\\S]*what to do: the run is as it was`);

export const runs: Row[] = [
  refused('a run that is not there', undefined, isNoRun, ['analyze', 'gone']),
  refused('a run that is a file', undefined, isNoRun, ['analyze', join(recorded, 'plan.json')]),
  refused('a folder that is no run', undefined, isNoRun, ['analyze', join(rootFolder, 'docs')]),
  refused('two runs that are not there', undefined, isNoRun, ['compare', 'gone', 'away']),
  refused('a run beside one that is not there', undefined, isNoRun, ['compare', recorded, 'gone']),
  refused(
    'a plan that is cut off',
    spoilt((run) => truncate(join(run, 'plan.json'), 100)),
    isNoPlan(/.*JSON/),
  ),
  refused('a plan that is empty', replaced('plan.json', ''), isNoPlan(/.*JSON/)),
  refused(
    'a plan that is a list',
    replaced('plan.json', '[]'),
    isNoPlan(/\s+✖ Invalid input: expected object, received array/),
  ),
  refused(
    'a plan of another version',
    replaced('plan.json', '{"schemaVersion":99,"drill":7}'),
    isNoPlan(/[\s\S]*→ at drill[\s\S]*→ at objectives/),
  ),
  refused(
    'a plan of more than any machine sends',
    spoilt(async (run) => {
      const plan = await readFile(join(run, 'plan.json'), 'utf8');
      await writeFile(join(run, 'plan.json'), plan.replace('"peakFactor": 10', '"peakFactor": 1e300'));
    }),
    isNoPlan(/[\s\S]*<=1000\s+→ at profile\.peakFactor/),
  ),
  refused(
    'a plan that is enormous',
    spoilt((run) => truncate(join(run, 'plan.json'), 3 * 1024 ** 3)),
    isNoPlan(/it is no file of a plan/),
  ),
  refused('a plan without an end', linked('plan.json', '/dev/zero'), isNoPlan(/it is no file of a plan/)),
  refused('a plan that is a link to itself', linked('plan.json', 'plan.json'), isNoRun),
  refused('a plan that is a folder', aFolder('plan.json'), isNoPlan(/it is no file of a plan/)),
  refused(
    'a run without evidence',
    spoilt((run) => rm(join(run, 'evidence'), { recursive: true })),
    /there is no evidence in [\s\S]*what to do: Give the folder of a run/,
  ),
  refused(
    'evidence that is a file',
    spoilt(async (run) => {
      await rm(join(run, 'evidence'), { recursive: true });
      await writeFile(join(run, 'evidence'), '');
    }),
    /there is no evidence in /,
  ),
  refused('evidence that is a link to itself', linked('evidence', 'evidence'), /there is no evidence in /),
  refused(
    'a verdict that cannot be written',
    aFolder('verdict.json'),
    /the system refuses: EISDIR[\s\S]*verdict\.json[\s\S]*what to do: see what is there/,
  ),
  {
    what: 'runs of two drills',
    args: ['compare', recorded, join(rootFolder, 'fixtures', 'runs', 'aurora-failover-holds'), '--json'],
    exitCode: exitCodes.inconclusive,
    says: /^(judging .*\n?)*$/,
    prints: /"another drill: spot-eviction and aurora-failover"/,
  },
  inconclusive(
    'a manifest that is cut off',
    replaced('evidence/manifest.json', '{"files":'),
    /manifest\.json could not be read/,
  ),
  inconclusive(
    'a manifest that leads out of its folder, to what has no end',
    replaced(
      'evidence/manifest.json',
      JSON.stringify({ files: { '../../../../../../../../dev/zero': { sha256: '', bytes: 1 } } }),
    ),
    /dev\/zero is in the manifest, but could not be read/,
  ),
  inconclusive(
    'observations that are a folder',
    aFolder('evidence/observations.ndjson'),
    /observations\.ndjson is missing/,
  ),
  inconclusive(
    'observations that are cut off',
    spoilt((run) => truncate(join(run, 'evidence', 'observations.ndjson'), 30_000)),
    /observations\.ndjson is not the file that the run sealed/,
  ),
  inconclusive(
    'observations of another version',
    replaced('evidence/observations.ndjson', '{"kind":"weather","atMs":"now"}\n'),
    /observations\.ndjson has broken lines: 1 of 1/,
  ),
  inconclusive(
    'observations of no time',
    replaced('evidence/observations.ndjson', '{"kind":"mark","mark":"load-end","atMs":1e300}\n'),
    /observations\.ndjson has broken lines: 1 of 1/,
  ),
  inconclusive('probes without an end', linked('evidence/probes.csv.gz', '/dev/zero'), /probes\.csv\.gz is missing/),
];

const objectives = (what: string, content: string | Uint8Array | undefined, says: RegExp): Row => ({
  what: `objectives ${what}`,
  args: ['analyze', recorded, '--objectives', 'o.json'],
  ...(content !== undefined && { files: { 'o.json': content } }),
  says: new RegExp(`${says.source}[\\s\\S]*what to do: give a JSON object with some or all objectives`),
});

const holdsNone = (place: RegExp) => new RegExp(`o\\.json does not hold objectives:[\\s\\S]*${place.source}`);

export const objectivesFiles: Row[] = [
  objectives('that are not there', undefined, /there is no file o\.json/),
  objectives('that are empty', '', /o\.json is not JSON/),
  objectives('that are YAML', 'recovery:\n  - path: write\n', /o\.json is not JSON/),
  objectives('that are no text', new Uint8Array([0, 1, 2, 250, 251]), /o\.json is not JSON/),
  objectives('that are a list', '[]', holdsNone(/expected object, received array/)),
  objectives('of which there are none', '{}', /o\.json names no objective/),
  objectives('of an unknown kind', '{"colour":"red"}', holdsNone(/Unrecognized key: "colour"/)),
  objectives('of __proto__', '{"__proto__":{"recovery":[]}}', /o\.json (names no objective|does not hold objectives)/),
  objectives(
    'with a negative limit',
    '{"recovery":[{"path":"write","objectiveMs":-1}]}',
    holdsNone(/>0\s+→ at recovery\[0\]\.objectiveMs/),
  ),
  objectives(
    'with a number that is none',
    '{"recovery":[{"path":"write","objectiveMs":1e999}]}',
    holdsNone(/received Infinity\s+→ at recovery/),
  ),
  objectives(
    'of an unknown path',
    '{"recovery":[{"path":"wirte","objectiveMs":1}]}',
    holdsNone(/→ at recovery\[0\]\.path/),
  ),
  {
    ...objectives('that are enormous', undefined, /o\.json cannot be read: it has more than 1000000 bytes/),
    files: { 'o.json': { emptyBytes: 3 * 1024 ** 3 } },
  },
  {
    ...objectives('that are a folder', undefined, /o\.json cannot be read: EISDIR/),
    files: { 'o.json': { folder: true } },
  },
  {
    ...objectives('that are a link to itself', undefined, /o\.json cannot be read: ELOOP/),
    files: { 'o.json': { linkTo: 'o.json' } },
  },
  {
    ...objectives('without an end', undefined, /zero cannot be read: it has more than/),
    args: ['analyze', recorded, '--objectives', '/dev/zero'],
  },
  {
    what: 'no place for what is judged again',
    args: ['analyze', 'run', '--objectives', 'o.json'],
    prepare: spoilt((run) => writeFile(join(run, 'again'), '')),
    files: { 'o.json': '{"recovery":[]}' },
    says: /the system refuses: E(EXIST|NOTDIR)[\s\S]*what to do: see what is there/,
  },
];
