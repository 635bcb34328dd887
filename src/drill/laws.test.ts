import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { copyRun, type RunCopy } from '../../fixtures/evidence/copy-run.ts';
import type { Observation } from '../model/evidence.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding, Verdict } from '../model/verdict.ts';
import { sealEvidence } from './evidence.ts';
import { judgeStored } from './judge-run.ts';

/*
 * The laws of docs/VERDICTS.md over whole verdicts: evidence of a real run is made worse, or only different, and judged again.
 */

/** A run's evidence as lines, each file with its header first. */
interface Evidence {
  k6: string[];
  probes: string[];
  orders: string[];
  observations: string[];
}
const gzipped = { k6: 'k6.csv.gz', probes: 'probes.csv.gz', orders: 'orders.csv.gz' } as const;

let run: RunCopy;
let recorded: Evidence;
let injectedUs: number;
let loadEndUs: number;
beforeAll(async () => {
  run = await copyRun();
  // Promises that this run can break and keep in all of its phases.
  const plan = JSON.parse(await readFile(join(run.folder, 'plan.json'), 'utf8')) as Plan;
  plan.objectives.recovery = [
    { path: 'write', objectiveMs: 10_000 },
    { path: 'shop', objectiveMs: 10_000 },
  ];
  plan.objectives.sessions = { maxLost: 3 };
  await writeFile(join(run.folder, 'plan.json'), JSON.stringify(plan));
  const lines = async (name: string) => {
    const content = await readFile(join(run.evidence, name));
    return (name.endsWith('.gz') ? gunzipSync(content) : content).toString().trimEnd().split('\n');
  };
  recorded = {
    k6: await lines(gzipped.k6),
    probes: await lines(gzipped.probes),
    orders: await lines(gzipped.orders),
    observations: await lines('observations.ndjson'),
  };
  const { facts } = await judge(recorded);
  injectedUs = (facts.timeline.injectedAtMs as number) * 1000;
  loadEndUs = (facts.timeline.loadEndMs as number) * 1000;
}, 60_000);
afterAll(() => run?.[Symbol.asyncDispose]());

async function judge(evidence: Evidence) {
  for (const [name, file] of Object.entries(gzipped))
    await writeFile(
      join(run.evidence, file),
      gzipSync(`${evidence[name as keyof typeof gzipped].join('\n')}\n`, { level: 1 }),
    );
  await writeFile(join(run.evidence, 'observations.ndjson'), `${evidence.observations.join('\n')}\n`);
  await sealEvidence(run.evidence);
  return await judgeStored(run.folder);
}

type Change = (evidence: Evidence) => Evidence;
const [endAt, wallAt] = [1, 2];

/** Changes the calls of an operation (any: '') that start within a stretch, all or one in `oneIn`. */
function calls(op: string, fromUs: number, toUs: number, oneIn: number, change: (cells: string[]) => void): Change {
  return (evidence) => {
    let seen = 0;
    const k6 = evidence.k6.map((line) => {
      if (!line.startsWith('tenfold_call,') || (op !== '' && !line.includes(`op=${op}`))) return line;
      const cells = line.split(',');
      const startUs = Number(cells[endAt]) - Number(cells[wallAt]) * 1000;
      if (startUs < fromUs || startUs >= toUs) return line;
      seen += 1;
      if (seen % oneIn !== 0) return line;
      change(cells);
      return cells.join(',');
    });
    return { ...evidence, k6 };
  };
}

const fails = (cells: string[]): void => {
  cells[6] = (cells[6] as string).replace('result=ok', 'result=failed');
};
const slower =
  (byMs: number) =>
  (cells: string[]): void => {
    cells[endAt] = String(Number(cells[endAt]) + byMs * 1000);
    cells[wallAt] = String(Number(cells[wallAt]) + byMs);
  };

/** Makes probes that were due within a stretch fail: all of them, those through the edge, or those of one replica. */
function probesFail(fromUs: number, toUs: number, lane = ''): Change {
  return (evidence) => ({
    ...evidence,
    probes: evidence.probes.map((line, index) => {
      const cells = line.split(',');
      const dueUs = Number(cells[6]);
      if (index === 0 || dueUs < fromUs || dueUs >= toUs || !line.startsWith(lane)) return line;
      cells[10] = 'ECONNREFUSED';
      return cells.join(',');
    }),
  });
}

const inTurn =
  (...changes: Change[]): Change =>
  (evidence) =>
    changes.reduce((made, change) => change(made), evidence);

const seconds = (value: number): number => value * 1_000_000;
/** A stretch of the run, in microseconds. */
const stretch = fc
  .record({ at: fc.double({ min: 0, max: 1, noNaN: true }), forS: fc.integer({ min: 1, max: 20 }) })
  .map(({ at, forS }) => (): [number, number] => {
    const startUs = injectedUs - seconds(30) + at * (loadEndUs - injectedUs + seconds(30));
    return [startUs, startUs + seconds(forS)];
  });
const operation = fc.constantFrom('', 'checkout', 'product', 'session');

/** One way in which a shop can do worse. */
const worse: fc.Arbitrary<{ name: string; change: () => Change }> = fc.oneof(
  fc.record({ when: stretch, op: operation, oneIn: fc.constantFrom(1, 2, 5, 50) }).map(({ when, op, oneIn }) => ({
    name: `one in ${oneIn} ${op || 'of all'} calls fails`,
    change: () => calls(op, ...when(), oneIn, fails),
  })),
  fc
    .record({ when: stretch, op: operation, oneIn: fc.constantFrom(1, 3, 40), byMs: fc.constantFrom(30, 300, 3_000) })
    .map(({ when, op, oneIn, byMs }) => ({
      name: `one in ${oneIn} ${op || 'of all'} calls takes ${byMs} ms longer`,
      change: () => calls(op, ...when(), oneIn, slower(byMs)),
    })),
  stretch.map((when) => ({
    name: 'an outage: probes and calls fail',
    change: () => inTurn(probesFail(...when(), 'edge'), calls('', ...when(), 1, fails)),
  })),
  fc.constant({
    name: 'an outage without an end',
    change: () =>
      inTurn(probesFail(injectedUs + seconds(2), Infinity), calls('', injectedUs + seconds(2), Infinity, 1, fails)),
  }),
  fc.constant({ name: 'a replica stays away', change: () => probesFail(injectedUs + seconds(1), Infinity, 'replica') }),
  fc.integer({ min: 1, max: 30 }).map((count) => ({
    name: `${count} orders are lost`,
    change: () => (evidence: Evidence) => ({
      ...evidence,
      orders: evidence.orders.filter((_, index) => index === 0 || index > count),
    }),
  })),
  fc.integer({ min: 1, max: 5 }).map((count) => ({
    name: `${count} orders are placed twice`,
    change: () => (evidence: Evidence) => ({
      ...evidence,
      orders: [
        ...evidence.orders,
        ...evidence.orders.slice(-count).map((line) => line.replace(/,([^,]+)/, ',again-$1')),
      ],
    }),
  })),
  fc.integer({ min: 1, max: 8 }).map((count) => ({
    name: `${count} sessions are lost`,
    change: () => (evidence: Evidence) => {
      let left = count;
      const loses = (line: string) => {
        if (left === 0 || !line.startsWith('tenfold_session,') || Number(line.split(',')[endAt]) < injectedUs)
          return line;
        left -= 1;
        return line.replace('result=kept', 'result=lost');
      };
      return { ...evidence, k6: evidence.k6.map(loses) };
    },
  })),
);

/** What does not count ranks with a pass, and what a plan leaves open with any other doubt. */
const rank = ({ outcome }: Pick<Finding, 'outcome'>): number =>
  outcome === 'fail' ? 2 : outcome === 'inconclusive' ? 1 : 0;

function expectNoBetter(before: Verdict, after: Verdict, because: string): void {
  const ranks = (verdict: Verdict) =>
    Object.fromEntries(verdict.findings.map((finding) => [finding.id, rank(finding)]));
  const [was, is] = [ranks(before), ranks(after)];
  const better = Object.entries(was).filter(([id, value]) => (is[id] ?? 0) < value);
  expect(
    better.map(([id]) => id),
    because,
  ).toEqual([]);
  expect(rank(after), because).toBeGreaterThanOrEqual(rank(before));
}

describe('worse evidence never gives a better verdict', () => {
  it('whatever gets worse, one thing after the other', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(worse, { minLength: 1, maxLength: 3 }), async (changes) => {
        let evidence = recorded;
        let verdict = (await judge(evidence)).verdict;
        for (const { name, change } of changes) {
          evidence = change()(evidence);
          const next = (await judge(evidence)).verdict;
          expectNoBetter(verdict, next, `${name}, of ${changes.map((one) => one.name).join('; ')}`);
          verdict = next;
        }
      }),
      // The same changes in every run of the tests; LAWS_SEED and LAWS_RUNS try others.
      { seed: Number(process.env.LAWS_SEED ?? 1), numRuns: Number(process.env.LAWS_RUNS ?? 16), endOnFailure: true },
    );
  }, 1_200_000);

  it('an outage that lasts longer and longer, second by second', async () => {
    let verdict = (await judge(recorded)).verdict;
    for (const lastsS of [3, 6, 9, 12, 20, 40]) {
      const toUs = injectedUs + seconds(lastsS);
      const longer = inTurn(
        probesFail(injectedUs + seconds(1), toUs),
        calls('', injectedUs + seconds(1), toUs, 1, fails),
      );
      const next = (await judge(longer(recorded))).verdict;
      expectNoBetter(verdict, next, `an outage of ${lastsS} s`);
      verdict = next;
    }
    expect(verdict.outcome).toBe('fail');
  }, 120_000);
});

describe('what does not matter changes nothing', () => {
  /** Without numbers that name the run or tell when it was. */
  const core = (verdict: Verdict) => ({
    outcome: verdict.outcome,
    findings: verdict.findings.map(({ id, outcome, message }) => ({ id, outcome, message })),
    latency: verdict.latency,
    orders: verdict.orders,
    errorBudget: verdict.errorBudget,
  });

  it('the order of rows', async () => {
    const before = core((await judge(recorded)).verdict);
    const backwards = (lines: string[]) => [lines[0] as string, ...lines.slice(1).reverse()];
    const { verdict } = await judge({
      ...recorded,
      k6: backwards(recorded.k6),
      probes: backwards(recorded.probes),
      orders: backwards(recorded.orders),
    });
    expect(core(verdict)).toEqual(before);
  }, 60_000);

  it('how many processes of k6 there were', async () => {
    const before = core((await judge(recorded)).verdict);
    let next = 0;
    const shared = recorded.k6.map((line, index) => {
      if (index === 0 || line.startsWith('vus,')) return line;
      const cells = line.split(',');
      next = (next % 3) + 1;
      cells[6] = [cells[6], `worker=${next}`].filter(Boolean).join('&');
      return cells.join(',');
    });
    expect(core((await judge({ ...recorded, k6: shared })).verdict)).toEqual(before);
  }, 60_000);

  it('when it was', async () => {
    const before = core((await judge(recorded)).verdict);
    const byMs = 1_234_567_891;
    const later = (us: string | undefined) => String(Number(us) + byMs * 1000);
    const moved: Evidence = {
      k6: recorded.k6.map((line, index) => {
        const cells = line.split(',');
        if (index > 0) cells[endAt] = later(cells[endAt]);
        if (line.startsWith('tenfold_schedule_start')) cells[wallAt] = String(Number(cells[wallAt]) + byMs);
        return cells.join(',');
      }),
      probes: recorded.probes.map((line, index) => {
        const cells = line.split(',');
        if (index > 0) for (const at of [6, 7, 8]) cells[at] = later(cells[at]);
        return cells.join(',');
      }),
      orders: recorded.orders.map((line, index) => {
        const cells = line.split(',');
        if (index > 0) cells[2] = later(cells[2]);
        return cells.join(',');
      }),
      observations: recorded.observations.map((line) => {
        const one = JSON.parse(line) as Observation;
        return JSON.stringify({ ...one, atMs: one.atMs + byMs });
      }),
    };
    const { verdict } = await judge(moved);
    const withoutInstants = (text: string) => text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then');
    const plain = (value: ReturnType<typeof core>) => JSON.parse(withoutInstants(JSON.stringify(value))) as unknown;
    expect(plain(core(verdict))).toEqual(plain(before));
  }, 60_000);

  it('time zone and locale', async () => {
    const before = core((await judge(recorded)).verdict);
    vi.stubEnv('TZ', 'Pacific/Auckland');
    vi.stubEnv('LANG', 'de_CH.UTF-8');
    vi.stubEnv('LC_ALL', 'de_CH.UTF-8');
    const { verdict } = await judge(recorded).finally(() => vi.unstubAllEnvs());
    expect(core(verdict)).toEqual(before);
  }, 60_000);
});
