import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyRun, type RunCopy } from '../../fixtures/evidence/copy-run.ts';
import type { Plan } from '../model/plan.ts';
import { analyse } from './analyse.ts';

let run: RunCopy;
let plan: Plan;
let root: string;
/** Facts of the run, and of the same run with calls that cannot be read, in a folder with an ordinary name. */
let facts: string;
let brokenFacts: string;

beforeAll(async () => {
  run = await copyRun();
  plan = JSON.parse(await readFile(join(run.folder, 'plan.json'), 'utf8')) as Plan;
  root = await mkdtemp(join(tmpdir(), 'tenfold-folders-'));
  facts = await factsIn('run');
  brokenFacts = await factsIn('broken', breakCalls);
  // Neighbours that a pattern would match: what it reads from them is not of this run.
  for (const name of ['run1', 'whatx', 'starry', 'a', 'back1']) await factsIn(name, breakCalls);
}, 60_000);
afterAll(async () => {
  await run[Symbol.asyncDispose]();
  await rm(root, { recursive: true });
});

async function factsIn(name: string, change = async (_evidence: string): Promise<void> => {}): Promise<string> {
  const evidence = join(root, name, 'evidence');
  await mkdir(join(root, name), { recursive: true });
  await cp(run.evidence, evidence, { recursive: true });
  await change(evidence);
  return JSON.stringify(await analyse(evidence, plan));
}

async function breakCalls(evidence: string): Promise<void> {
  const path = join(evidence, 'k6.csv.gz');
  const text = gunzipSync(await readFile(path)).toString();
  await writeFile(path, gzipSync(text.replace('metric_name', 'name')));
}

test.each([
  'run[1]',
  '[!x]',
  'a=b',
  'what?',
  'star*',
  '**',
  'per%20cent',
  "quote'",
  'ünï',
  '{a,b}',
  'back\\slash',
  '~',
  ' ',
  'two\nlines',
  'fragment#1;2',
])('evidence in a folder named %j is read as it is anywhere', async (name) => {
  expect(await factsIn(name)).toBe(facts);
  expect(await factsIn(`${name} broken`, breakCalls)).toBe(brokenFacts);
});
