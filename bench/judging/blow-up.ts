import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { evidenceFiles, k6Metrics, type Observation } from '../../src/model/evidence.ts';
import { rootFolder } from '../../src/runtime/processes.ts';

/** A recorded run, and four seconds of its peak with every sample that k6 wrote: see fixtures/evidence/README.md. */
const recorded = join(rootFolder, 'fixtures', 'evidence', 'aurora-failover');
const peakSlice = join(rootFolder, 'fixtures', 'evidence', 'peak.csv.gz');
const sliceUs = 4_000_000;
/** A drill's peak is at most an hour long: anything beyond comes at the same time. */
const mostSlices = 3_600_000_000 / sliceUs;

/** A row, split around what differs from copy to copy: its instant, an order's key, and a call's wall time. */
interface Row {
  before: string;
  atUs: number;
  wallMs: number | null;
  after: string;
  hasKey: boolean;
}

/**
 * Writes a run with at least this many calls, not sealed yet: the recorded one, its peak prolonged by repeating those
 * four seconds. The same number gives the same bytes. Returns the calls written.
 */
export async function writeBigRun(folder: string, calls: number): Promise<number> {
  const evidence = join(folder, 'evidence');
  await mkdir(evidence, { recursive: true });
  for (const name of ['plan.json', 'drill.json']) await copyFile(join(recorded, name), join(folder, name));

  const slice = await readRows(peakSlice, 1);
  const fromUs = Math.floor(slice.rows.reduce((least, { atUs }) => Math.min(least, atUs), Infinity));
  const run = await readRows(join(recorded, 'evidence', evidenceFiles.requests), 1);
  const isCall = ({ wallMs }: Row) => wallMs !== null;
  const [own, ofSlice] = [run.rows.filter(isCall).length, slice.rows.filter(isCall).length];
  const copies = Math.max(0, Math.ceil((calls - own) / ofSlice));
  const stretch = { fromUs, copies, atOnce: Math.ceil(copies / mostSlices) };

  await write(join(evidence, evidenceFiles.requests), lines(run, slice.rows, stretch));
  const probes = await readRows(join(recorded, 'evidence', evidenceFiles.probes), 6);
  const inSlice = probes.rows.filter(({ atUs }) => atUs >= fromUs && atUs < fromUs + sliceUs);
  await write(join(evidence, evidenceFiles.probes), probeLines(probes, inSlice, stretch));
  await write(join(evidence, evidenceFiles.orders), await orderLines(slice.rows, stretch));
  await writeFile(join(evidence, evidenceFiles.observations), await shiftedObservations(stretch));
  return own + copies * ofSlice;
}

interface Stretch {
  fromUs: number;
  copies: number;
  atOnce: number;
}
const slices = ({ copies, atOnce }: Stretch): number => (copies === 0 ? 0 : Math.ceil(copies / atOnce));
const added = (stretch: Stretch): number => slices(stretch) * sliceUs;

/** Copies of the same seconds are a millisecond apart, and copies beside each other have calls of different lengths. */
const shiftUs = (copy: number, { atOnce }: Stretch): number =>
  Math.floor(copy / atOnce) * sliceUs + (copy % atOnce) * 1_000;
const longerByUs = (copy: number): number => (copy * 31) % 997;

/** Splits a CSV's rows at the column that holds their instant in microseconds. */
async function readRows(path: string, column: number): Promise<{ header: string; rows: Row[] }> {
  let header = '';
  const rows: Row[] = [];
  for await (const line of createInterface({ input: createReadStream(path).pipe(createGunzip()) })) {
    if (header === '') {
      header = line;
      continue;
    }
    const cells = line.split(',');
    const before = cells
      .slice(0, column)
      .map((cell) => `${cell},`)
      .join('');
    const wallMs = cells[0] === k6Metrics.call ? Number(cells[column + 1]) : null;
    const after = cells
      .slice(column + (wallMs === null ? 1 : 2))
      .map((cell) => `,${cell}`)
      .join('');
    rows.push({ before, atUs: Number(cells[column]), wallMs, after, hasKey: after.includes(',key=') });
  }
  return { header, rows };
}

function* lines({ header, rows }: { header: string; rows: Row[] }, slice: Row[], stretch: Stretch): Generator<string> {
  const text = (list: Row[], byUs: number, suffix: string, longerUs: number) =>
    list
      .map(({ before, atUs, wallMs, after, hasKey }) => {
        const wall = wallMs === null ? '' : `,${(wallMs + longerUs / 1_000).toFixed(6)}`;
        return `${before}${atUs + byUs}${wall}${after}${hasKey ? suffix : ''}\n`;
      })
      .join('');
  yield `${header}\n`;
  yield text(
    rows.filter(({ atUs }) => atUs < stretch.fromUs),
    0,
    '',
    0,
  );
  for (let copy = 0; copy < stretch.copies; copy += 1)
    yield text(slice, shiftUs(copy, stretch), `-${copy}`, longerByUs(copy));
  yield text(
    rows.filter(({ atUs }) => atUs >= stretch.fromUs),
    added(stretch),
    '',
    0,
  );
}

/** A probe has three instants: intended, sent and ended. */
function* probeLines({ header, rows }: { header: string; rows: Row[] }, slice: Row[], stretch: Stretch) {
  const text = (list: Row[], byUs: number) =>
    list
      .map(({ before, atUs, after }) => {
        const [, sent, end, ...rest] = after.split(',');
        return `${before}${[atUs + byUs, Number(sent) + byUs, Number(end) + byUs, ...rest].join(',')}\n`;
      })
      .join('');
  yield `${header}\n`;
  yield text(
    rows.filter(({ atUs }) => atUs < stretch.fromUs),
    0,
  );
  for (let at = 0; at < slices(stretch); at += 1) yield text(slice, at * sliceUs);
  yield text(
    rows.filter(({ atUs }) => atUs >= stretch.fromUs),
    added(stretch),
  );
}

/** The orders that were read back, plus one for each order of each copy. */
async function orderLines(slice: Row[], { copies }: Stretch): Promise<string[]> {
  const { header, rows } = await readRows(join(recorded, 'evidence', evidenceFiles.orders), 2);
  const keys = slice
    .filter(({ before }) => before.startsWith(`${k6Metrics.orderAttempt},`))
    .map(({ after }) => after.slice(after.indexOf('key=') + 4));
  const copied = Array.from({ length: copies }, (_, copy) =>
    keys.map((key, order) => `${key}-${copy},${copy}-${order},0\n`).join(''),
  );
  return [`${header}\n`, ...rows.map(({ before, atUs }) => `${before}${atUs}\n`), ...copied];
}

async function shiftedObservations(stretch: Stretch): Promise<string> {
  const text = await readFile(join(recorded, 'evidence', evidenceFiles.observations), 'utf8');
  const shift = (one: Observation) =>
    one.atMs * 1000 < stretch.fromUs ? one : { ...one, atMs: one.atMs + added(stretch) / 1000 };
  return text.replace(/.+/g, (line) => JSON.stringify(shift(JSON.parse(line) as Observation)));
}

const write = (path: string, content: Iterable<string>): Promise<void> =>
  pipeline(Readable.from(content), createGzip({ level: 1 }), createWriteStream(path));
