import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { evidenceFiles, orderColumns } from '../model/evidence.ts';
import { readSamples } from './calls.ts';
import { EvidenceStore } from './evidence-store.ts';
import { orderFacts } from './orders.ts';
import { placingFact } from './placing.ts';

/*
 * A shop that loses, duplicates, delays, changes and invents orders on a schedule, and a shopper's k6 that writes down what
 * it was told. Both write the files that a drill leaves; the counts from them must match the schedule, to the order.
 */
const tellings = ['acknowledged', 'rejected', 'indeterminate', 'cut off'] as const;
const fates = ['stored', 'lost', 'twice', 'three times', 'late', 'read twice'] as const;
const changes = ['none', 'other product', 'other quantity', 'one cent', 'no lines', 'a wrong answer'] as const;

interface Order {
  told: (typeof tellings)[number];
  fate: (typeof fates)[number];
  change: (typeof changes)[number];
  /** k6 sends again with the same key, and writes each try down. */
  tries: number;
}
const order: fc.Arbitrary<Order> = fc.record({
  told: fc.constantFrom(...tellings),
  fate: fc.constantFrom(...fates),
  change: fc.constantFrom('none', 'none', 'none', ...changes),
  tries: fc.integer({ min: 1, max: 3 }),
});
const schedule = fc.record({
  orders: fc.array(order, { minLength: 1, maxLength: 40 }),
  invented: fc.integer({ min: 0, max: 4 }),
  /** Whether the platform reports lines and totals. */
  tellsLines: fc.boolean(),
  /** The order of the rows in the files. */
  shuffle: fc.infiniteStream(fc.nat()),
});

const copiesOf = { stored: 1, lost: 0, twice: 2, 'three times': 3, late: 1, 'read twice': 1 } as const;
const [startUs, giveUpUs] = [1_795_282_265_000_000, 15_000_000];

const [asked, cents] = ['12x1+40x2', 7_385];
const storedAs: Record<Order['change'], string> = {
  none: `${asked},${cents}`,
  'other product': `13x1+40x2,${cents}`,
  'other quantity': `12x1+40x20,${cents}`,
  'one cent': `${asked},1`,
  'no lines': `none,${cents}`,
  'a wrong answer': `${asked},${cents}`,
};

const keyOf = (index: number) => `run-${index}`;

/** k6's rows: an attempt before the first try, one call per try, and the outcome, unless k6 was cut off before it. */
function sampleRows({ told, tries, change }: Order, index: number): string[] {
  const atUs = startUs + index * 40_000;
  const key = `key=${keyOf(index)}`;
  const calls = Array.from({ length: tries }, (_, i) => {
    const ok = told === 'acknowledged' && i === tries - 1;
    return `tenfold_call,${atUs + i * 900},${i + 1}.5,0,buy,,op=checkout&result=${ok ? 'ok' : 'failed'}&attempt=${i + 1},${key}`;
  });
  const answer = change === 'a wrong answer' ? '&answer=wrong' : '';
  const words = told === 'acknowledged' ? `&lines=${asked}&cents=${cents}${answer}` : '';
  const outcome = `tenfold_order_outcome,${atUs + giveUpUs},1.000000,,buy,,result=${told},${key}${words}`;
  const attempt = `tenfold_order_attempt,${atUs},1.000000,,buy,,,asked=${asked}&${key}`;
  return [attempt, ...calls, ...(told === 'cut off' ? [] : [outcome])];
}

/** A late order commits after the shopper has given up. */
const storedRows =
  (tellsLines: boolean) =>
  ({ fate, change }: Order, index: number): string[] => {
    const rows = Array.from({ length: copiesOf[fate] }, (_, copy) => {
      const committedUs = startUs + index * 40_000 + (fate === 'late' ? giveUpUs + 3_000_000 : 20_000);
      return `${keyOf(index)},id-${index}-${copy},${committedUs},${tellsLines ? storedAs[change] : ','}`;
    });
    return fate === 'read twice' ? [...rows, ...rows] : rows;
  };

/** What makes a stored order wrong, as far as the shopper and the platform report it. */
const isWrong =
  (tellsLines: boolean) =>
  ({ told, fate, change }: Order): boolean => {
    const answeredWrong = told === 'acknowledged' && change === 'a wrong answer';
    if (fate === 'lost') return answeredWrong;
    const otherLines = ['other product', 'other quantity', 'no lines'].includes(change);
    const otherTotal = told === 'acknowledged' && change === 'one cent';
    return answeredWrong || told === 'rejected' || (tellsLines && (otherLines || otherTotal));
  };

const gz = (rows: string[]) => gzipSync(rows.map((row) => `${row}\n`).join(''), { level: 1 });
const shuffled = (rows: string[], random: Iterator<number>) =>
  rows
    .map((row) => ({ row, at: random.next().value as number }))
    .sort((a, b) => a.at - b.at)
    .map(({ row }) => row);

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tenfold-orders-'));
});
afterAll(() => rm(root, { recursive: true }));

it('every category is counted exactly, whatever a shop does with its orders', async () => {
  let number = 0;
  await fc.assert(
    fc.asyncProperty(schedule, async ({ orders, invented, tellsLines, shuffle }) => {
      number += 1;
      const folder = join(root, String(number));
      await mkdir(folder);
      const random = shuffle[Symbol.iterator]();
      const header = 'metric_name,timestamp,metric_value,error_code,scenario,status,extra_tags,metadata';
      const inventions = Array.from({ length: invented }, (_, i) => `run-of-nobody-${i},x${i},${startUs},,`);
      await writeFile(
        join(folder, evidenceFiles.requests),
        gz([header, ...shuffled(orders.flatMap(sampleRows), random)]),
      );
      await writeFile(
        join(folder, evidenceFiles.orders),
        gz([orderColumns.join(','), ...shuffled([...orders.flatMap(storedRows(tellsLines)), ...inventions], random)]),
      );

      using store = await EvidenceStore.open(folder);
      const hasCalls = await readSamples(store);
      const placing = await placingFact(store, null);
      const facts = await orderFacts(store, hasCalls, 'all');

      const how = (condition: (one: Order) => boolean) => orders.filter(condition).length;
      const unsure = ({ told }: Order) => told === 'indeterminate' || told === 'cut off';
      const keysOf = (condition: (one: Order) => boolean) =>
        orders.flatMap((one, i) => (condition(one) ? [keyOf(i)] : [])).sort();
      expect(placing).toMatchObject({
        attempted: orders.length,
        acknowledged: how(({ told }) => told === 'acknowledged'),
        rejected: how(({ told }) => told === 'rejected'),
        indeterminate: how(unsure),
        silent: how(({ told }) => told === 'cut off'),
      });
      const isLost = ({ told, fate }: Order) => told === 'acknowledged' && fate === 'lost';
      const wrong = keysOf(isWrong(tellsLines));
      const persisted = how(({ fate }) => fate !== 'lost');
      expect(facts).toMatchObject({
        persisted,
        lost: how(isLost),
        duplicated: how(({ fate }) => fate === 'twice' || fate === 'three times'),
        recovered: how((one) => unsure(one) && one.fate !== 'lost'),
        unexpected: invented,
        wrong: wrong.length === 0 && (!tellsLines || persisted === 0) ? null : wrong.length,
        compared: tellsLines ? persisted : 0,
        lostKeys: keysOf(isLost).slice(0, 20),
        wrongKeys: wrong.slice(0, 20),
      });
      expect(store.problems).toEqual([]);
    }),
    { numRuns: 60, seed: 20_261_127 },
  );
}, 120_000);

/** Facts from samples and from rows that were read back, both as they are in the files. */
async function factsOf(samples: string[], rows: string[], columns: readonly string[] = orderColumns) {
  const folder = await mkdtemp(join(root, 'one-'));
  const header = 'metric_name,timestamp,metric_value,error_code,scenario,status,extra_tags,metadata';
  const call = `tenfold_call,${startUs},1.5,0,buy,,op=checkout&result=ok&attempt=1,`;
  await writeFile(join(folder, evidenceFiles.requests), gz([header, call, ...samples]));
  await writeFile(join(folder, evidenceFiles.orders), gz([columns.join(','), ...rows]));
  using store = await EvidenceStore.open(folder);
  await readSamples(store);
  const placing = await placingFact(store, startUs / 1_000);
  return { placing, orders: await orderFacts(store, true, 'all'), problems: store.problems };
}
const told = (key: string, result = 'acknowledged', atUs = startUs) => [
  `tenfold_order_attempt,${atUs},1,,buy,,,asked=${asked}&key=${key}`,
  `tenfold_order_outcome,${atUs},1,,buy,,result=${result},key=${key}&lines=${asked}&cents=${cents}`,
];
const row = (key: string, id: string, words = `${asked},${cents}`) => `${key},${id},${startUs},${words}`;

it('an order that two keys have is wrong for both', async () => {
  const { orders } = await factsOf(
    [...told('a'), ...told('b'), ...told('c')],
    [row('a', '1'), row('b', '1'), row('c', '2')],
  );
  expect(orders).toMatchObject({ wrong: 2, wrongKeys: ['a', 'b'], duplicated: 0, compared: 3 });
});

it('one order whose lines the platform does not tell is not compared', async () => {
  const { orders } = await factsOf([...told('a'), ...told('b')], [row('a', '1'), row('b', '2', ',')]);
  expect(orders).toMatchObject({ wrong: 0, compared: 1, persisted: 2 });
});

it('evidence from before lines were read back is read as it was, and nothing is known of what is wrong', async () => {
  const before = told('a').map((line) => line.replace(/(asked=[^&]*&)|(&lines.*)/, ''));
  const { orders, problems } = await factsOf(before, [`a,1,${startUs}`], orderColumns.slice(0, 3));
  expect(orders).toMatchObject({ persisted: 1, lost: 0, wrong: null, compared: null });
  expect(problems).toEqual([]);
});

it('an order without a key leaves the others known, and may be one that seems lost', async () => {
  const { orders, problems } = await factsOf([...told('a'), ...told('b'), ...told('c')], [row('a', '1'), row('', '2')]);
  expect(orders).toMatchObject({ persisted: 1, lost: 2, lostPerhaps: 1, lostKeys: ['b', 'c'] });
  expect(problems).toMatchObject([{ about: 'orders' }]);
});

it('an attempt that nothing tells of is late while its shopper still had patience, and overdue once a call had not', async () => {
  const attempt = (secondsBefore: number) =>
    told(`k${secondsBefore}`, '', startUs - secondsBefore * 1_000_000).slice(0, 1);
  const { placing } = await factsOf([1, 4, 6, 19, 21].flatMap(attempt), []);
  expect(placing).toEqual({
    attempted: 5,
    acknowledged: 0,
    rejected: 0,
    indeterminate: 5,
    silent: 5,
    late: 4,
    overdue: 2,
  });
});
