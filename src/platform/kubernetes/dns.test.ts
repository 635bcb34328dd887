import { expect, test } from 'vitest';
import { testKubeApi } from '../../../tests/support/test-kube-api.ts';
import { dnsToZero } from './dns.ts';

const servicePath = '/api/v1/namespaces/kube-system/services/kube-dns';
const deploymentPath = '/apis/apps/v1/namespaces/kube-system/deployments/coredns';
const labels = { 'k8s-app': 'kube-dns' };
const service = { metadata: { name: 'kube-dns', labels }, spec: { selector: labels } };
const deployment = (name: string, replicas = 2, podLabels: object = labels) => ({
  metadata: { name, uid: `uid-of-${name}` },
  spec: { replicas, template: { metadata: { labels: podLabels } } },
});
const whole = { [servicePath]: service, [deploymentPath]: deployment('coredns') };

test('what answers names is scaled to zero, and gets its pods back', async () => {
  await using kube = await testKubeApi(whole);
  let why: string | undefined;
  const change = await dnsToZero(kube.api, kube.place, async () => why);
  if (typeof change === 'string') throw new Error(change);
  await change.make();
  expect(kube.objects.get(deploymentPath)).toMatchObject({ spec: { replicas: 0 } });
  expect(change.evidence()).toBe('no pod of coredns is ready any more');
  await change.takeBack((words) => expect.unreachable(words));
  expect(kube.objects.get(deploymentPath)).toEqual(deployment('coredns'));
  expect(await change.mended?.()).toBe('0 of 2 pods of coredns are ready');
  kube.objects.set(deploymentPath, { ...deployment('coredns'), status: { readyReplicas: 2 } });
  why = 'pod web-1 gets no answer';
  expect(await change.mended?.()).toBe('pod web-1 gets no answer');
  why = undefined;
  expect(await change.mended?.()).toBeUndefined();
});

test('it is refused where no pod can show that names are answered, or none are', async () => {
  await using kube = await testKubeApi(whole);
  const tried = async (ask: () => Promise<string>) => await dnsToZero(kube.api, kube.place, ask);
  expect(await tried(async () => 'pod web-1 gets no answer')).toBe('pod web-1 gets no answer');
  const mute = async () => await Promise.reject(new Error('its image has nothing to ask by'));
  expect(await tried(mute)).toBe('whether names are answered cannot be shown: its image has nothing to ask by');
});

test.each([
  ['it is no pod', { [servicePath]: { ...service, spec: {} } }, /answered by something that is no pod/],
  ['there is no such service', {}, /answered by something that is no pod/],
  ['no deployment runs it', { [servicePath]: service }, /no deployment in kube-system/],
  ['it has none', { ...whole, [deploymentPath]: deployment('coredns', 0) }, /coredns has no pods already/],
  [
    'something scales it',
    { ...whole, [deploymentPath.replace('coredns', 'dns-autoscaler')]: deployment('dns-autoscaler', 1, { a: 'b' }) },
    /dns-autoscaler would scale coredns up again/,
  ],
])('it is refused where %s', async (_, objects, message) => {
  await using kube = await testKubeApi(objects);
  expect(await dnsToZero(kube.api, kube.place, async () => undefined)).toMatch(message);
});
