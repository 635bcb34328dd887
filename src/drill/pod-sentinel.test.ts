import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import type { Observation } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import type { Finding } from '../model/verdict.ts';
import { sealEvidence } from './evidence.ts';
import { judgeStored } from './judge-run.ts';

/* A recorded run, judged as if its sentinel had run in a pod: what it found is the same, and so is what it is worth, unless it was lost. */

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

const read = async (file: string): Promise<Observation[]> =>
  (await readFile(file, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Observation);

type End = Extract<Observation, { kind: 'sentinel-pod-end' }>;

/** @param afterMs of the injection: when it was lost */
async function judged(run: string, { offsetMs = 1, ...end }: Partial<End> & { offsetMs?: number | null } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'tenfold-sentinel-'));
  folders.push(folder);
  await cp(fileURLToPath(new URL(`../../fixtures/runs/${run}`, import.meta.url)), folder, { recursive: true });
  const file = join(folder, 'evidence', 'observations.ndjson');
  const observations = await read(file);
  const atMs = observations.at(-1)?.atMs ?? 0;
  const added: Observation[] = [
    { kind: 'sentinel-pod', atMs: observations[0]?.atMs ?? 0, pod: 'sentinel-x', node: 'node2', zone: 'z2' },
    ...(offsetMs === null
      ? []
      : [{ kind: 'load-clock' as const, atMs, pod: 'sentinel-x', offsetMs, uncertaintyMs: 4 }]),
    {
      kind: 'sentinel-pod-end',
      atMs,
      pod: 'sentinel-x',
      because: 'Completed',
      lost: false,
      nodeLost: null,
      missing: 0,
      lastSentMs: atMs,
      ...end,
    },
  ];
  await writeFile(file, [...observations, ...added].map((one) => `${JSON.stringify(one)}\n`).join(''));
  await sealEvidence(join(folder, 'evidence'));
  return await judgeStored(folder);
}

const outside = async (run: string) =>
  await judgeStored(fileURLToPath(new URL(`../../fixtures/runs/${run}`, import.meta.url)));

const outcomes = (findings: readonly Finding[]) => findings.map(({ id, outcome }) => `${id} ${outcome}`);
const probed = (findings: readonly Finding[]) =>
  findings.filter(({ id }) => /^(recovery\.(read|write|shop|replicas)|refusal)$/.test(id));
const ofWrites = ({ recovery }: Facts) => recovery.find(({ path }) => path === 'write');

test('from a pod whose clock is ours the verdict is that from outside, and recovery times are as exact as the clock', async () => {
  const [here, there] = [await outside('aurora-failover-holds'), await judged('aurora-failover-holds')];
  expect(outcomes(there.verdict.findings)).toEqual(outcomes(here.verdict.findings));
  expect(there.facts.sentinel).toMatchObject({ zone: 'z2', lost: false, hit: null, clockOffMs: 5 });
  const [own, podded] = [ofWrites(here.facts), ofWrites(there.facts)];
  expect((podded?.uncertaintyMs ?? 0) - (own?.uncertaintyMs ?? 0)).toBeCloseTo(5);
  expect((own?.serviceAtLeastMs ?? 0) - (podded?.serviceAtLeastMs ?? 0)).toBeCloseTo(5);
});

test.each([
  ['is far from ours', 400, /sentinel-x: up to 404 ms off/],
  ['was never measured', null, /sentinel-x: not measured/],
])('a clock that %s is told, and no recovery passes by it', async (_, offsetMs, said) => {
  const { verdict } = await judged('aurora-failover-holds', { offsetMs });
  const finding = verdict.findings.find(({ id }) => id === 'instruments.clocks');
  expect(finding).toMatchObject({ outcome: 'inconclusive', message: expect.stringMatching(said) });
  const recovery = probed(verdict.findings).filter(({ id }) => id.startsWith('recovery'));
  expect(recovery.length).toBeGreaterThan(0);
  expect(recovery.filter(({ outcome }) => outcome === 'pass')).toEqual([]);
});

test.each(['aurora-failover-holds', 'aurora-failover-loses-orders'])(
  'of a sentinel that the fault hit in %s, nothing that it saw is a pass or a fail',
  async (run) => {
    const lost = { lost: true, nodeLost: 'node node2 is not ready', because: 'nothing is heard of its pod' };
    const { verdict } = await judged(run, lost);
    const words = 'the sentinel ran in zone z2 on node node2, which the fault hit (node node2 is not ready)';
    const rested = probed(verdict.findings);
    expect(rested.length).toBeGreaterThan(0);
    for (const { outcome, message } of rested) {
      expect(outcome).toBe('inconclusive');
      expect(message).toContain(words);
    }
    const told = verdict.findings.find(({ id }) => id === 'instruments.sentinel');
    expect(told?.message).toMatch(/^The sentinel ran in zone z2 .* Its last probe was sent at 20/);
    // What k6 saw counts all the same.
    const orders = (findings: readonly Finding[]) => outcomes(findings.filter(({ id }) => id.startsWith('orders.')));
    expect(orders(verdict.findings)).toEqual(orders((await outside(run)).verdict.findings));
  },
);

test('one that was lost for another reason is not called hit', async () => {
  const { verdict, facts } = await judged('aurora-failover-holds', { lost: true, because: 'OOMKilled' });
  expect(facts.sentinel?.hit).toBeNull();
  const told = verdict.findings.find(({ id }) => id === 'instruments.sentinel');
  expect(told?.message).toContain('on node node2 and was lost (OOMKilled)');
});

test('probes that its log lost are counted, and nothing that rests on probes passes', async () => {
  const { verdict } = await judged('aurora-failover-holds', { missing: 12 });
  expect(verdict.findings.find(({ id }) => id === 'evidence.recovery')?.message).toMatch(/^12 probes of the sentinel/);
  expect(probed(verdict.findings).filter(({ outcome }) => outcome === 'pass')).toEqual([]);
});
