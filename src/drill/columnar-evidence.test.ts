import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyRun, type RunCopy } from '../../fixtures/evidence/copy-run.ts';
import type { Manifest } from '../analysis/manifest.ts';
import { checksum, writeJson } from '../runtime/files.ts';
import { sealEvidence } from './evidence.ts';
import { judgeStored } from './judge-run.ts';

/*
 * k6's samples are judged from the columns that were sealed with their CSV, or from the CSV where there are none to trust.
 * It must make no difference which.
 */
const [csv, columns] = ['k6.csv.gz', 'k6.parquet'];

const judged = async (folder: string): Promise<string> => JSON.stringify(await judgeStored(folder));

const readManifest = async (evidence: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(evidence, 'manifest.json'), 'utf8')) as Manifest;

async function editManifest(evidence: string, edit: (files: Manifest['files']) => void | Promise<void>): Promise<void> {
  const manifest = await readManifest(evidence);
  await edit(manifest.files);
  await writeJson(join(evidence, 'manifest.json'), manifest);
}

/** Like an older run, which was sealed without columns. */
async function dropColumns(evidence: string): Promise<void> {
  await rm(join(evidence, columns));
  await editManifest(evidence, (files) => {
    delete files[columns];
  });
}

let run: RunCopy;
beforeEach(async () => {
  run = await copyRun();
});
afterEach(() => run[Symbol.asyncDispose]());

describe('a verdict from columns is that from the CSV, to the byte', () => {
  it.each(['aurora-failover-holds', 'aurora-failover-loses-orders', 'node-loss-interrupted', 'spot-eviction-brief'])(
    'of the run %s',
    async (name) => {
      const folder = await mkdtemp(join(tmpdir(), 'tenfold-columns-'));
      await cp(fileURLToPath(new URL(`../../fixtures/runs/${name}`, import.meta.url)), folder, { recursive: true });
      const fromCsv = await judged(folder);
      await sealEvidence(join(folder, 'evidence'));
      expect(existsSync(join(folder, 'evidence', columns))).toBe(true);
      expect(await judged(folder)).toBe(fromCsv);
      await rm(folder, { recursive: true });
    },
  );

  it.each<[string, (line: string) => string, string[], RegExp]>([
    ['that are as the run left them', (line) => line, [], /"outcome":"pass"/],
    [
      'of which one is cut off, two are no samples, and one is a call of nothing',
      (line) => line,
      [
        'tenfold_call,now,fast,,,,op=list&result=ok,',
        'tenfold_call,1795284786372593,nan?,,,,op=list&result=ok,',
        'tenfold_call,1795284786372593,4.5,,,,result=ok,',
        'foreign',
      ],
      /has broken rows: 1 could not be read.*samples that could not be understood: 3/,
    ],
    [
      'of which some failed, some were never sent, and some say nothing of how they ended',
      (line) => {
        if (!line.startsWith('tenfold_call,')) return line;
        const digit = line.split(',')[1]?.at(-1);
        const ends = new Map([
          ['3', 'failed'],
          ['5', 'unsent'],
          ['7', ''],
        ]);
        return line.replace('result=ok', `result=${ends.get(digit ?? '') ?? 'ok'}`);
      },
      [],
      /samples that could not be understood: \d{3}/,
    ],
    ['without a call', (line) => (line.startsWith('tenfold_call,') ? '' : line), [], /k6\.csv\.gz has no calls/],
    [
      'with orders without a key, and quotes and commas in what was told',
      (line) => line.replace(/^(tenfold_order_attempt,.*)key=\S*7$/, '$1').replace(/key=(\S*9)$/, '"key=$1,""x"""'),
      ['tenfold_call,1795284786372593,4.5,,,,"op=list&result=o,""k",'],
      /has orders without a key: \d/,
    ],
  ])('of samples %s', async (_, change, more, told) => {
    await run.edit(csv, change, more);
    await sealEvidence(run.evidence);
    const fromColumns = await judged(run.folder);
    expect(fromColumns).toMatch(told);
    await dropColumns(run.evidence);
    expect(await judged(run.folder)).toBe(fromColumns);
  });
});

it('a CSV that cannot be put into columns is sealed without, and judging says why', async () => {
  await run.edit(csv, (line) => line.replace('metric_name', 'name'));
  await sealEvidence(run.evidence);
  expect(existsSync(join(run.evidence, columns))).toBe(false);
  const { facts } = await judgeStored(run.folder);
  expect(facts.problems.map(({ message }) => message).join()).toMatch(/k6\.csv\.gz could not be read: .*metric_name/);
});

describe('columns that are not those of the sealed CSV', () => {
  let other: RunCopy;
  let truth: string;
  let factsOfCsv: string;
  const calls = async () => JSON.stringify((await judgeStored(run.folder)).facts.calls);
  /** Columns that say that nothing failed. */
  beforeEach(async () => {
    await run.edit(csv, (line) => line.replace(/(op=list.*)result=ok/, '$1result=failed'));
    await sealEvidence(run.evidence);
    [truth, factsOfCsv] = [await judged(run.folder), await calls()];
    other = await copyRun();
    await sealEvidence(other.evidence);
  });
  afterEach(() => other[Symbol.asyncDispose]());
  const swap = () => cp(join(other.evidence, columns), join(run.evidence, columns));

  it('are told, make the verdict inconclusive, and are not read', async () => {
    await swap();
    const { verdict, facts } = await judgeStored(run.folder);
    expect(verdict.findings.find(({ id }) => id === 'evidence.evidence')).toMatchObject({
      outcome: 'inconclusive',
      message: 'k6.parquet is not the file that the run sealed: its checksum differs',
    });
    expect(JSON.stringify(facts.calls)).toBe(factsOfCsv);
  });

  it('are not read beside a CSV that was edited', async () => {
    await run.edit(csv, (line) => line.replace('result=failed', 'result=ok'));
    const { facts } = await judgeStored(run.folder);
    expect(facts.problems).toContainEqual({
      about: 'evidence',
      message: 'k6.csv.gz is not the file that the run sealed: its checksum differs',
    });
    expect(JSON.stringify(facts.calls)).not.toBe(factsOfCsv);
  });

  it('are told when they are gone', async () => {
    await rm(join(run.evidence, columns));
    const { facts } = await judgeStored(run.folder);
    expect(facts.problems).toContainEqual({
      about: 'evidence',
      message: 'k6.parquet is in the manifest, but could not be read',
    });
    expect(JSON.stringify(facts.calls)).toBe(factsOfCsv);
  });

  it('are told when they were laid beside a CSV that was sealed without', async () => {
    await dropColumns(run.evidence);
    await swap();
    const { facts } = await judgeStored(run.folder);
    expect(facts.problems).toContainEqual({
      about: 'evidence',
      message: 'k6.parquet is not in the manifest: the run did not seal it',
    });
    expect(JSON.stringify(facts.calls)).toBe(factsOfCsv);
  });

  it('are not read when the manifest knows them as made of another CSV', async () => {
    await swap();
    const { files } = await readManifest(other.evidence);
    await editManifest(run.evidence, (own) => {
      own[columns] = files[columns] as Manifest['files'][string];
    });
    expect(await judged(run.folder)).toBe(truth);
  });

  it('are not read when they were made in another way than today', async () => {
    await swap();
    await editManifest(run.evidence, async (own) => {
      const { madeOf, brokenRows } = own[columns]?.columnar ?? { madeOf: '', brokenRows: 0 };
      const sum = await checksum(join(run.evidence, columns));
      own[columns] = { ...sum, columnar: { madeOf, brokenRows, madeBy: 'an older tenfold' } };
    });
    expect(await judged(run.folder)).toBe(truth);
  });

  it('are read when the manifest knows them as made of this CSV: sealed columns are what is judged', async () => {
    await swap();
    await editManifest(run.evidence, async (own) => {
      own[columns] = { ...own[columns], ...(await checksum(join(run.evidence, columns))) };
    });
    expect(await calls()).not.toBe(factsOfCsv);
  });

  it('are not judged when they cannot be read, although they were sealed so', async () => {
    await writeFile(join(run.evidence, columns), 'no columns');
    await editManifest(run.evidence, async (own) => {
      own[columns] = { ...own[columns], ...(await checksum(join(run.evidence, columns))) };
    });
    expect(await calls()).toBe(factsOfCsv);
  });
});
