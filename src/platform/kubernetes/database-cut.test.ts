import type { V1Pod } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { testKubeApi } from '../../../tests/support/test-kube-api.ts';
import { networkRules, policyOf, undoPolicy } from './database-cut.ts';

const folder = '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies';
const labels = { app: 'web' };
const policy = (name: string, spec: object, metadata: object = {}) => ({
  [`${folder}/${name}`]: { metadata: { name, ...metadata }, spec },
});
const waysOut = { podSelector: { matchLabels: labels }, policyTypes: ['Egress'], egress: [{}] };

/** Ready, and with a label more than those that it is found by. */
const pod: V1Pod = {
  metadata: { name: 'web-1', namespace: 'shop', labels: { ...labels, tier: 'front' } },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
};
const saysWaysOut = /NetworkPolicy ways-out lets/;

test.each([
  ['another policy says what the shop reaches', policy('ways-out', waysOut), [pod], saysWaysOut],
  ['one without types does', policy('ways-out', { ...waysOut, policyTypes: undefined }), [pod], saysWaysOut],
  [
    'one does by another label of its pods',
    policy('ways-out', { ...waysOut, podSelector: { matchLabels: { tier: 'front' } } }),
    [pod],
    saysWaysOut,
  ],
  ['no pod is ready', {}, [{ ...pod, status: {} }], /no pod of the shop/],
])('it is refused where %s', async (_, objects, pods, message) => {
  await using kube = await testKubeApi(objects);
  const parts = { workload: { namespace: 'shop', labels }, database: 'db', pods: () => pods, place: kube.place };
  expect(await networkRules(kube.api, parts).cutFromDatabase('run-1')).toMatch(message);
});

test('a dead drill’s policy is deleted, and one of somebody else’s is not', async () => {
  const run = (id: string) => ({ labels: { 'tenfold.dev/run': id } });
  await using kube = await testKubeApi({
    ...policy('ours', waysOut, run('run-1')),
    ...policy('theirs', waysOut, run('run-2')),
  });
  const undo = { kind: 'kubernetes-policy', ...kube.place, namespace: 'shop', runId: 'run-1' };
  const left: string[] = [];
  for (const name of ['ours', 'theirs', 'gone', 'ours'])
    await undoPolicy({ ...undo, name }, (words) => left.push(words));
  expect(left).toEqual(["NetworkPolicy theirs in shop is no longer the run's, by its label"]);
  expect([...kube.objects.keys()].filter((path) => path.startsWith(folder))).toEqual([`${folder}/theirs`]);
});

const withAddresses = (name: string, podLabels: Record<string, string>, ...ips: string[]): V1Pod => ({
  metadata: { name, namespace: 'shop', labels: podLabels },
  status: { podIPs: ips.map((ip) => ({ ip })) },
});
const instance = (...ips: string[]) =>
  withAddresses('db-1', { 'cnpg.io/cluster': 'db', 'cnpg.io/podRole': 'instance' }, ...ips);
const blocksOf = (pods: V1Pod[], clusterIPs: string[]) => {
  const place = { kubeconfig: '', context: '', clusterUid: '' };
  const parts = { workload: { namespace: 'shop', labels }, database: 'db', pods: () => pods, place };
  const service = (selector: Record<string, string>, ...addresses: string[]) => ({
    spec: { selector, clusterIPs: addresses },
  });
  const services = [service({ 'cnpg.io/cluster': 'db' }, ...clusterIPs), service(labels, '10.96.0.9')];
  const { spec } = policyOf(parts, services, 'run-1');
  return spec?.egress?.[0]?.to?.flatMap(({ ipBlock }) => ipBlock ?? []);
};

test('the database is out of reach by the addresses of its pods and services, of both families where there are two', () => {
  const both = [instance('10.244.1.5', 'fd00:1::5'), withAddresses('web-1', labels, '10.244.1.6', 'fd00:1::6')];
  expect(blocksOf(both, ['10.96.0.7', 'fd00:2::7'])).toEqual([
    { cidr: '0.0.0.0/0', except: ['10.244.1.5/32', '10.96.0.7/32'] },
    { cidr: '::/0', except: ['fd00:1::5/128', 'fd00:2::7/128'] },
  ]);
});

test('who has IPv6 beside a database that has none keeps the rest of it', () => {
  const shopAlone = [instance('10.244.1.5'), withAddresses('web-1', labels, '10.244.1.6', 'fd00:1::6')];
  expect(blocksOf(shopAlone, ['None'])).toEqual([
    { cidr: '0.0.0.0/0', except: ['10.244.1.5/32'] },
    { cidr: '::/0', except: [] },
  ]);
});

test('a cluster without IPv6 gets no rule for it', () => {
  expect(blocksOf([instance('10.244.1.5')], [])).toEqual([{ cidr: '0.0.0.0/0', except: ['10.244.1.5/32'] }]);
});
