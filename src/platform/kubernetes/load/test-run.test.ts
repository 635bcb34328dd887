import { readFileSync } from 'node:fs';
import type { V1Pod } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { type CrdSchema, refusedBy } from '../../../../tests/support/crd-schema.ts';
import { nowMs } from '../../../runtime/clock.ts';
import { podIsReady } from '../objects.ts';
import type { LoadWish } from './measuring-pods.ts';
import { runnerOfOperator, stageLacks, testRun } from './test-run.ts';
import { overBy } from './watch-pod.ts';

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../fixtures/k6-operator/${name}`, import.meta.url), 'utf8'));

const wish: LoadWish = {
  runId: '20261128-160000-abc123',
  namespace: 'tenfold-load',
  image: 'registry.example/k6:2.2.0',
  starterImage: 'registry.example/starter:1.6.0',
  shop: { namespace: 'shop', labels: { app: 'storefront' } },
  nodes: { pool: 'load' },
  container: 'k6',
  file: { name: 'script', key: 'script.tar', content: Buffer.from('an archive') },
  authorities: 'PEM',
  environment: { K6_CSV_TIME_FORMAT: 'unix_micro' },
  secrets: { TOKEN: 'hush' },
  size: { cpuMillis: 300, memoryMiB: 512 },
  atMostMs: 900_000,
};

test("a TestRun is what the operator's schema allows", () => {
  const schema = fixture('testrun.schema.json') as CrdSchema;
  const { spec } = testRun(wish, 4, ['--out', 'csv=-']);
  expect(refusedBy(spec, schema.properties?.spec ?? {}, 'spec')).toEqual([]);
  // The check can fail.
  expect(refusedBy({ ...spec, runners: 4 }, schema.properties?.spec ?? {}, 'spec')).toEqual([
    'spec.runners is not known',
  ]);
  expect(refusedBy({ ...spec, parallelism: '4' }, schema.properties?.spec ?? {}, 'spec')).toHaveLength(1);
});

test('its image is pinned, its evidence goes to the log, and nothing is cleaned up before exit codes are read', () => {
  const { spec } = testRun(wish, 4, ['--out', 'csv=-']);
  expect(spec).toMatchObject({
    parallelism: 4,
    arguments: '--out csv=-',
    script: { configMap: { name: 'script', file: 'script.tar' } },
    initializer: { disabled: true },
    starter: { image: 'registry.example/starter:1.6.0' },
    runner: { image: 'registry.example/k6:2.2.0', nodeSelector: { pool: 'load' } },
  });
  expect(spec.cleanup).toBeUndefined();
  // Restricted Pod Security holds for the starter too.
  for (const part of [spec.starter, spec.runner])
    expect(part.containerSecurityContext).toMatchObject({ allowPrivilegeEscalation: false });
});

interface Look {
  stage: string | null;
  pods: { job: string; runner: boolean; phase: string; ready: boolean; exitCode?: number; reason?: string }[];
}

const podOf = ({ job, runner, phase, ready, exitCode, reason }: Look['pods'][number]): V1Pod => ({
  metadata: {
    name: `${job}-x`,
    labels: { app: 'k6', k6_cr: 'load', 'job-name': job, ...(runner && { runner: 'true' }) },
  },
  status: {
    phase,
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    ...(exitCode !== undefined && {
      containerStatuses: [
        {
          name: 'k6',
          image: '',
          imageID: '',
          ready,
          restartCount: 0,
          state: { terminated: { exitCode, reason: reason ?? '' } },
        },
      ],
    }),
  },
});

test('the life of a TestRun: runners are told from the starter, and their ends from its stage', () => {
  const life = (fixture('life.json') as Look[]).map(({ stage, pods }) => ({
    lacks: stageLacks(stage ?? undefined),
    runners: pods
      .map(podOf)
      .filter((pod) => runnerOfOperator(pod) !== undefined)
      .map((pod) => ({ number: runnerOfOperator(pod), ready: podIsReady(pod), over: overBy('k6', pod, pod, nowMs()) })),
  }));
  expect(life.map(({ lacks }) => lacks.join())).toEqual([
    'k6-operator has not taken up the TestRun: does it watch this namespace?',
    'the TestRun is in the stage initialized',
    ...['', '', '', '', ''],
  ]);
  expect(life.map(({ runners }) => runners.filter(({ ready }) => ready).length)).toEqual([0, 0, 0, 2, 2, 1, 0]);
  // It calls a test finished whose runner was killed: the pod says so.
  expect(life.at(-1)?.runners).toEqual([
    { number: 2, ready: false, over: { exitCode: 137, because: 'OOMKilled' } },
    { number: 1, ready: false, over: { exitCode: 103, because: 'Error' } },
  ]);
});

test('what the operator gives up is told', () => {
  expect(stageLacks('error')).toEqual(['k6-operator refused the TestRun: its own log says why']);
});
