import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { copyRun, type RunCopy } from '../../fixtures/evidence/copy-run.ts';
import type { Observation } from '../model/evidence.ts';
import type { Facts, Timeline } from '../model/facts.ts';
import { counted, type Verdict, worst } from '../model/verdict.ts';
import { judge } from '../verdict/judge.ts';
import { sealEvidence } from './evidence.ts';
import { judgeStored } from './judge-run.ts';

/*
 * A real run whose evidence is spoilt in one way at a time. What that way puts in doubt has to become inconclusive, with
 * its reason, and every other finding has to stay as it was.
 */
let judged: Awaited<ReturnType<typeof judgeStored>>;
let whole: Verdict;
let timeline: Timeline;
beforeAll(async () => {
  await using run = await copyRun();
  judged = await judgeStored(run.folder);
  whole = judged.verdict;
  timeline = judged.facts.timeline;
}, 60_000);

const us = (ms: number | null): number => Math.round((ms as number) * 1000);
const [instant, value] = [1, 2];
const observation = (change: (one: Observation) => Observation) => (line: string) =>
  JSON.stringify(change(JSON.parse(line) as Observation));

/** The findings that became inconclusive, with their messages, of a run spoilt and sealed so. No other outcome may change. */
async function spoilt(spoil: (run: RunCopy) => Promise<void>, options = { seal: true }): Promise<Map<string, string>> {
  await using run = await copyRun();
  await spoil(run);
  if (options.seal) await sealEvidence(run.evidence);
  const { verdict } = await judgeStored(run.folder);
  const before = new Map(whole.findings.map(({ id, outcome }) => [id, outcome]));
  const changed = verdict.findings.filter(({ id, outcome }) => outcome !== before.get(id));
  expect(changed.filter(({ outcome }) => outcome !== 'inconclusive')).toEqual([]);
  expect(verdict.outcome).toBe(worst(counted(verdict.findings)));
  if (changed.some((finding) => counted([finding]).length > 0)) expect(verdict.outcome).not.toBe('pass');
  return new Map(changed.map(({ id, message }) => [id, message]));
}

describe('a real run', () => {
  it('is a pass, apart from what its calls are too few for', () => {
    const outcomes = Map.groupBy(whole.findings, ({ outcome }) => outcome);
    expect(outcomes.get('fail') ?? []).toEqual([]);
    for (const { id, leftOpen } of outcomes.get('inconclusive') ?? [])
      expect([id, leftOpen]).toEqual([expect.stringMatching(/^latency\./), true]);
    expect(whole.outcome).toBe('pass');
    expect(whole.orders).toMatchObject({ lost: 0, duplicated: 0, unexpected: 0 });
  });

  it('with dropped iterations during the fault: what they could have broken of what was counted then', async () => {
    const atUs = us(timeline.injectedAtMs) + 500_000;
    const dropping = (count: number) =>
      spoilt((run) => run.edit('k6.csv.gz', (line) => line, [`dropped_iterations,${atUs},${count}.000000,,browse,,,`]));
    expect([...(await dropping(1)).keys()]).toEqual([]);
    const many = await dropping(400);
    expect([...many.keys()].sort()).toEqual(['error-budget.checkout', 'failures.reads.fault']);
    expect(many.get('failures.reads.fault')).toMatch('k6 left out up to 4,000 calls, for want of a free virtual user');
  });

  it('with a fault that was proven when the load had ended: whether it bit', async () => {
    const provenAtMs = (timeline.loadEndMs as number) + 25_000;
    const late = observation((one) =>
      one.kind === 'fault' && one.state === 'proven' ? { ...one, atMs: provenAtMs } : one,
    );
    const changed = await spoilt((run) => run.edit('observations.ndjson', late));
    expect([...changed.keys()].sort()).toEqual([
      'failures.reads.fault',
      'fault-bit',
      'recovery.replicas',
      'recovery.shop',
      'recovery.write',
      'refusal',
    ]);
    expect(changed.get('fault-bit')).toMatch(/was injected, but .*, but only 25\.0 s after the load had ended/);
  });

  it('with a dropped iteration at peak: its latency where ten calls could have broken it', async () => {
    const drop = `dropped_iterations,${us(timeline.peakStartMs) + 500_000},1.000000,,browse,,,`;
    const changed = await spoilt((run) => run.edit('k6.csv.gz', (line) => line, [drop]));
    expect([...changed.keys()]).toEqual(['latency.checkout.peak']);
  });

  it('whose peak was not reached', async () => {
    let call = 0;
    const [from, to] = [us(timeline.peakStartMs), us(timeline.injectedAtMs)];
    const everyTenth = (line: string) => {
      const atUs = Number(line.split(',')[instant]);
      if (!line.startsWith('tenfold_call,') || atUs < from || atUs >= to) return line;
      call += 1;
      return call % 10 === 0 ? '' : line;
    };
    const changed = await spoilt((run) => run.edit('k6.csv.gz', everyTenth));
    expect([...changed.keys()]).toContain('peak-reached');
    expect(changed.get('peak-reached')).toMatch(
      /9\d(\.\d+)? % of the 600 requests\/s planned: at least 95 % is needed/,
    );
  });

  it('on a host that was late for a second and a half of its baseline: at most the latency there', async () => {
    const from = us(timeline.baselineStartMs) + 1_000_000;
    const late = (line: string) => {
      const cells = line.split(',');
      const dueUs = Number(cells[6]);
      if (!(dueUs >= from && dueUs < from + 1_500_000)) return line;
      cells[7] = String(Number(cells[7]) + 80_000);
      cells[8] = String(Number(cells[8]) + 80_000);
      return cells.join(',');
    };
    const changed = await spoilt((run) => run.edit('probes.csv.gz', late));
    expect([...changed.keys()].filter((id) => !/^latency\.\w+\.baseline$/.test(id))).toEqual([]);
  });

  it('on a host that was late just after the injection: nothing, for that can only have made the shop look slower', async () => {
    const from = us(timeline.injectedAtMs);
    const late = (line: string) => {
      const cells = line.split(',');
      const dueUs = Number(cells[6]);
      if (!(dueUs >= from && dueUs < from + 1_500_000)) return line;
      cells[7] = String(Math.min(Number(cells[7]) + 80_000, Number(cells[8])));
      return cells.join(',');
    };
    const changed = await spoilt((run) => run.edit('probes.csv.gz', late));
    expect([...changed.keys()]).toEqual([]);
  });

  it('whose hypervisor took the CPU after recovery: at most the latency there, and the host', async () => {
    const changed = await spoilt((run) =>
      run.edit(
        'observations.ndjson',
        observation((one) =>
          one.kind === 'host' && one.atMs >= (timeline.recoveredAtMs as number) ? { ...one, stealRatio: 0.3 } : one,
        ),
      ),
    );
    expect([...changed.keys()].filter((id) => !/^(host$|latency\.\w+\.recovered$)/.test(id))).toEqual([]);
  });

  it('whose fault did not bite: it withstood nothing', async () => {
    const changed = await spoilt((run) =>
      run.edit(
        'observations.ndjson',
        observation((one) =>
          one.kind === 'fault' && one.state === 'proven'
            ? { ...one, state: 'not-proven', detail: 'the writer stayed the same' }
            : one,
        ),
      ),
    );
    expect(changed.get('fault-bit')).toMatch('nothing proved that it took effect: the writer stayed the same');
    expect([...changed.keys()]).toEqual(expect.arrayContaining(['recovery.write', 'recovery.shop']));
    expect(changed.has('orders.lost')).toBe(false);
  });

  it('whose k6 was killed', async () => {
    const killedUs = us(timeline.injectedAtMs) + 10_000_000;
    const changed = await spoilt(async (run) => {
      const toItsDeath = (line: string) => (Number(line.split(',')[instant]) >= killedUs ? '' : line);
      await run.edit('k6.csv.gz', toItsDeath, [`tenfold_call,${killedUs}`]);
      await run.edit(
        'observations.ndjson',
        observation((one) => {
          if (one.kind === 'load-finished') return { ...one, exitCode: null };
          return one.kind === 'run-finished' ? { ...one, status: 'crashed', reason: 'k6 was killed' } : one;
        }),
      );
    });
    expect(changed.get('run')).toMatch('k6 was killed');
    expect(changed.get('peak-reached')).toMatch('k6 left no exit code');
    expect(changed.get('evidence.load')).toBe('k6.csv.gz has broken rows: 1 could not be read');
    expect(changed.get('orders.unexpected')).toMatch('k6 left no exit code');
  });

  it.each(['k6.csv.gz', 'probes.csv.gz', 'orders.csv.gz', 'observations.ndjson'])(
    'whose %s was edited after it was sealed',
    async (name) => {
      let edited = false;
      const once = (line: string) => {
        if (edited || !/^(tenfold_call|edge-|2026|\{"kind":"host")/.test(line)) return line;
        edited = true;
        return name === 'orders.csv.gz' ? `${line}0` : '';
      };
      const changed = await spoilt((run) => run.edit(name, once), { seal: false });
      expect(edited).toBe(true);
      expect(changed.get('evidence.evidence')).toBe(
        `${name} is not the file that the run sealed: its checksum differs`,
      );
      expect([...changed.keys()]).toEqual(
        expect.arrayContaining(['recovery.write', 'latency.api.peak', 'orders.lost']),
      );
    },
  );

  it('whose manifest is gone', async () => {
    const changed = await spoilt((run) => rm(join(run.evidence, 'manifest.json')), { seal: false });
    expect(changed.get('evidence.evidence')).toMatch('manifest.json is missing');
  });

  it('during which the clock was stepped: whatever compares instants of two clocks', async () => {
    const stepped = observation((one) =>
      one.kind === 'host' ? { ...one, clockOffsetMs: one.atMs > (timeline.peakStartMs as number) ? -250.4 : 0.3 } : one,
    );
    const changed = await spoilt((run) => run.edit('observations.ndjson', stepped));
    expect(changed.get('host')).toMatch("the system's clock was stepped by 250.4 ms (at most 10 ms)");
    expect([...changed.keys()]).toEqual(
      expect.arrayContaining(['peak-reached', 'recovery.write', 'recovery.shop', 'latency.api.peak']),
    );
    expect(changed.has('orders.lost')).toBe(false);
  });

  it('with too few calls for a promise', async () => {
    let kept = 0;
    const few = (line: string) => {
      if (!line.startsWith('tenfold_call,') || !line.includes('op=checkout')) return line;
      kept += 1;
      return kept <= 60 ? line : '';
    };
    const changed = await spoilt((run) => run.edit('k6.csv.gz', few));
    const checkout = [...changed].filter(([id]) => id.startsWith('latency.checkout.'));
    expect(checkout.map(([, message]) => message).join()).toMatch(/No checkout call was measured|too few calls/);
  });

  it('with samples whose value is none', async () => {
    const strange = (line: string) => {
      const cells = line.split(',');
      if (!line.startsWith('tenfold_call,') || Number(cells[instant]) % 1000 !== 7) return line;
      cells[value] = 'fast';
      return cells.join(',');
    };
    const changed = await spoilt((run) => run.edit('k6.csv.gz', strange));
    expect(changed.get('evidence.load')).toMatch(/samples that could not be understood: \d+/);
  });
});

describe('a checker that throws', () => {
  const chance = (): never => {
    throw new Error('division by chance');
  };

  it.each<[string, (facts: Facts) => Partial<Facts>]>([
    [
      'orders',
      ({ orders }) => ({
        orders: Object.defineProperty({ ...orders }, 'lostKeys', { get: chance }) as Facts['orders'],
      }),
    ],
    [
      'latency',
      ({ latency }) => ({
        latency: latency.map((fact) => Object.defineProperty({ ...fact }, 'badBySecond', { get: chance })),
      }),
    ],
    [
      'error-budget',
      ({ budgets }) => ({
        budgets: (budgets ?? []).map((fact) => Object.defineProperty({ ...fact }, 'robbedBad', { get: chance })),
      }),
    ],
    [
      'failures',
      ({ calls }) => ({ calls: calls.map((fact) => Object.defineProperty({ ...fact }, 'count', { get: chance })) }),
    ],
  ])('leaves its finding, %s, in doubt with its message, and the others stand', async (id, spoil) => {
    const verdict = judge({ ...judged.facts, ...spoil(judged.facts) }, judged.plan);
    expect(verdict.findings.find((one) => one.id === id)).toMatchObject({
      outcome: 'inconclusive',
      message: 'This could not be judged, because its checker failed: division by chance.',
    });
    const outcomeOf = (other: string) => judged.verdict.findings.find((one) => one.id === other)?.outcome;
    const others = verdict.findings.filter((one) => one.id !== id);
    expect(others.length).toBeGreaterThan(5);
    for (const other of others) expect([other.id, other.outcome]).toEqual([other.id, outcomeOf(other.id)]);
  });
});
