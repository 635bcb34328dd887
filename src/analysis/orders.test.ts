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

/*
 * A shop that loses, duplicates, delays and invents orders on a schedule, and a shopper's k6 that writes down what it was
 * told. Both write the files that a drill leaves; what is counted from them has to be the schedule, to the order.
 */
const tellings = ['acknowledged', 'rejected', 'indeterminate', 'cut off'] as const;
const fates = ['stored', 'lost', 'twice', 'three times', 'late'] as const;

interface Order {
  told: (typeof tellings)[number];
  fate: (typeof fates)[number];
  /** k6 sends again with the same key, and writes each try down. */
  tries: number;
}
const order: fc.Arbitrary<Order> = fc.record({
  told: fc.constantFrom(...tellings),
  fate: fc.constantFrom(...fates),
  tries: fc.integer({ min: 1, max: 3 }),
});
const schedule = fc.record({
  orders: fc.array(order, { minLength: 1, maxLength: 40 }),
  invented: fc.integer({ min: 0, max: 4 }),
  /** In which order rows come to lie in the files. */
  shuffle: fc.infiniteStream(fc.nat()),
});

const copiesOf = { stored: 1, lost: 0, twice: 2, 'three times': 3, late: 1 } as const;
const [startUs, giveUpUs] = [1_795_282_265_000_000, 15_000_000];

const keyOf = (index: number) => `run-${index}`;

/** k6's rows: an attempt before the first try, a call a try, and the outcome, unless k6 was cut off before it. */
function sampleRows({ told, tries }: Order, index: number): string[] {
  const atUs = startUs + index * 40_000;
  const key = `key=${keyOf(index)}`;
  const calls = Array.from({ length: tries }, (_, i) => {
    const ok = told === 'acknowledged' && i === tries - 1;
    return `tenfold_call,${atUs + i * 900},${i + 1}.5,0,buy,,op=checkout&result=${ok ? 'ok' : 'failed'}&attempt=${i + 1},${key}`;
  });
  const outcome = `tenfold_order_outcome,${atUs + giveUpUs},1.000000,,buy,,result=${told},${key}`;
  return [`tenfold_order_attempt,${atUs},1.000000,,buy,,,${key}`, ...calls, ...(told === 'cut off' ? [] : [outcome])];
}

/** A late order commits after the shopper has given up. */
const storedRows = ({ fate }: Order, index: number): string[] =>
  Array.from({ length: copiesOf[fate] }, (_, copy) => {
    const committedUs = startUs + index * 40_000 + (fate === 'late' ? giveUpUs + 3_000_000 : 20_000);
    return `${keyOf(index)},id-${index}-${copy},${committedUs}`;
  });

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
    fc.asyncProperty(schedule, async ({ orders, invented, shuffle }) => {
      number += 1;
      const folder = join(root, String(number));
      await mkdir(folder);
      const random = shuffle[Symbol.iterator]();
      const header = 'metric_name,timestamp,metric_value,error_code,scenario,status,extra_tags,metadata';
      const inventions = Array.from({ length: invented }, (_, i) => `run-of-nobody-${i},x${i},${startUs}`);
      await writeFile(
        join(folder, evidenceFiles.requests),
        gz([header, ...shuffled(orders.flatMap(sampleRows), random)]),
      );
      await writeFile(
        join(folder, evidenceFiles.orders),
        gz([orderColumns.join(','), ...shuffled([...orders.flatMap(storedRows), ...inventions], random)]),
      );

      using store = await EvidenceStore.open(folder);
      const facts = await orderFacts(store, await readSamples(store));

      const how = (condition: (one: Order) => boolean) => orders.filter(condition).length;
      const unsure = ({ told }: Order) => told === 'indeterminate' || told === 'cut off';
      expect(facts).toMatchObject({
        attempted: orders.length,
        acknowledged: how(({ told }) => told === 'acknowledged'),
        persisted: how(({ fate }) => fate !== 'lost'),
        lost: how(({ told, fate }) => told === 'acknowledged' && fate === 'lost'),
        duplicated: how(({ fate }) => fate === 'twice' || fate === 'three times'),
        indeterminate: how(unsure),
        recovered: how((one) => unsure(one) && one.fate !== 'lost'),
        unexpected: invented,
      });
      const lost = orders.flatMap(({ told, fate }, i) =>
        told === 'acknowledged' && fate === 'lost' ? [keyOf(i)] : [],
      );
      expect(facts?.lostKeys).toEqual(lost.sort().slice(0, 20));
      // Told no, and there all the same: it has no category, so it is told in words.
      const refused = how(({ told, fate }) => told === 'rejected' && fate !== 'lost') > 0;
      expect(store.problems.map(({ about }) => about)).toEqual(refused ? ['orders'] : []);
    }),
    { numRuns: 60, seed: 20_261_127 },
  );
}, 120_000);
