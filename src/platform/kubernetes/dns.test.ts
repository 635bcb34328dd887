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
  const change = await dnsToZero(kube.api, kube.place);
  if (typeof change === 'string') throw new Error(change);
  await change.make();
  expect(kube.objects.get(deploymentPath)).toMatchObject({ spec: { replicas: 0 } });
  expect(change.evidence()).toBe('no pod of coredns is ready any more');
  await change.takeBack();
  expect(kube.objects.get(deploymentPath)).toEqual(deployment('coredns'));
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
  expect(await dnsToZero(kube.api, kube.place)).toMatch(message);
});
