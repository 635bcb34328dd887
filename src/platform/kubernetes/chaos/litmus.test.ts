import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type CrdSchema, refusedBy } from '../../../../tests/support/crd-schema.ts';
import { testKubeApi } from '../../../../tests/support/test-kube-api.ts';
import { engineSpec, type LitmusEngine, type LitmusResult, litmus, ranWords } from './litmus.ts';

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../fixtures/litmus/${name}`, import.meta.url), 'utf8'));

const run = { experiment: 'pod-delete', variables: { TARGET_PODS: 'web-1,web-2', FORCE: 'true' } };

test('a ChaosEngine is what the schema of its operator allows', () => {
  const schema = fixture('chaosengine.schema.json') as CrdSchema;
  const spec = engineSpec(run, { namespace: 'shop', account: 'pod-delete-sa' });
  expect(refusedBy(spec, schema, 'spec')).toEqual([]);
  // The check can fail.
  expect(refusedBy({ ...spec, engineState: 'on' }, schema, 'spec')).toEqual([
    'spec.engineState is "on", not ^(active|stop)$',
  ]);
  expect(refusedBy({ ...spec, targets: [] }, schema, 'spec')).toEqual(['spec.targets is not known']);
});

interface Look {
  engine: LitmusEngine['status'];
  result: LitmusResult['status'] | null;
}

const saidOf = ({ engine, result }: Look): string => {
  try {
    return ranWords({ metadata: { name: 'e' }, ...(engine && { status: engine }) }, result ? { status: result } : null);
  } catch (error) {
    return `not: ${(error as Error).message}`;
  }
};

test('the life of a ChaosEngine: evidence once its experiment runs, and else it is told why it does not', () => {
  expect((fixture('life.json') as Look[]).map(saidOf)).toEqual([
    'not: the operator of Litmus has not looked at ChaosEngine e',
    'not: Litmus has ChaosEngine e as initialized, and its experiment as not begun',
    'not: Litmus has ChaosEngine e as initialized, and its experiment as Waiting for Job Creation',
    'Litmus has run ChaosEngine e (Running)',
    'Litmus has run ChaosEngine e (Completed)',
    "not: Litmus ends ChaosEngine e with Error: pod doesn't exist set by TARGET_PODS ENV",
    'not: Litmus ends ChaosEngine e with Stopped (Forcefully Aborted)',
    'not: Litmus ends ChaosEngine e with Fail (ChaosExperiment Not Found)',
  ]);
});

const folder = '/apis/litmuschaos.io/v1alpha1/namespaces/shop';
const shop = (labels: Record<string, string> = {}) => ({
  '/api/v1/namespaces/shop': { metadata: { name: 'shop', labels } },
});
const experiment = { [`${folder}/chaosexperiments/pod-delete`]: { metadata: { name: 'pod-delete' } } };
const account = (name: string) => ({ [`/api/v1/namespaces/shop/serviceaccounts/${name}`]: { metadata: { name } } });
const operator = (watched: string) => ({
  '/apis/apps/v1/namespaces/litmus/deployments/litmus': {
    spec: {
      template: { spec: { containers: [{ name: 'a', env: [{ name: 'WATCH_NAMESPACE', value: watched }] }] } },
    },
  },
});
const all = { ...shop(), ...experiment, ...account('pod-delete-sa') };

test.each([
  [
    'neither the experiment nor its account is there',
    shop(),
    [
      /there is no ChaosExperiment pod-delete in namespace shop: kubectl apply -n shop/,
      /no service account pod-delete-sa or litmus-admin/,
    ],
  ],
  [
    'its operator watches another namespace',
    { ...all, ...operator('lab') },
    [/watches lab alone, and not namespace shop/],
  ],
  [
    'Pod Security would refuse its pods',
    { ...all, ...shop({ 'pod-security.kubernetes.io/enforce': 'restricted' }) },
    [/Pod Security of namespace shop is restricted/],
  ],
])('it is told before the load where %s', async (_, objects, messages) => {
  await using kube = await testKubeApi(objects);
  const ordered = await litmus(kube.api, kube.place, 'shop').order(run, 'run-1');
  expect(ordered).toEqual({ problems: messages.map((message) => expect.stringMatching(message)) });
});

test('an experiment is run by an engine of the run, and goes with its result', async () => {
  await using kube = await testKubeApi({ ...shop(), ...experiment, ...account('litmus-admin'), ...operator('') });
  const ordered = await litmus(kube.api, kube.place, 'shop').order(run, 'run-1');
  if ('problems' in ordered) throw new Error(ordered.problems.join());
  const { change } = ordered;
  await change.make();
  const name = String(change.undo.name);
  const path = `${folder}/chaosengines/${name}`;
  expect(kube.objects.get(path)).toMatchObject({
    kind: 'ChaosEngine',
    metadata: { labels: { 'tenfold.dev/run': 'run-1' } },
    spec: { chaosServiceAccount: 'litmus-admin', appinfo: { appns: 'shop' } },
  });
  const { engine, result } = (fixture('life.json') as Look[])[3] ?? {};
  Object.assign(kube.objects.get(path) ?? {}, { status: engine });
  const resultOf = (of: string) => `${folder}/chaosresults/${of}-pod-delete`;
  for (const of of [name, 'theirs'])
    kube.objects.set(resultOf(of), { metadata: { name: `${of}-pod-delete` }, spec: { engine: of }, status: result });
  expect(await change.evidence()).toBe(`Litmus has run ChaosEngine ${name} (Running)`);
  await change.takeBack((words) => expect.unreachable(words));
  expect([...kube.objects.keys()].filter((key) => key.startsWith(folder))).toEqual([
    `${folder}/chaosexperiments/pod-delete`,
    resultOf('theirs'),
  ]);
});

test('an API server that does not answer is a problem, told in words', async () => {
  const kube = await testKubeApi(all);
  await kube[Symbol.asyncDispose]();
  const ordered = await litmus(kube.api, kube.place, 'shop').order(run, 'run-1');
  expect(ordered).toEqual({ problems: [expect.stringContaining('ECONNREFUSED')] });
});
