import { expect, test } from 'vitest';
import { testKubeApi } from '../../../tests/support/test-kube-api.ts';
import { rightNamed, rightsLacking, rightsNamed, rightsNamedIn } from './rights.ts';

test.each([
  ['delete pods', { group: '', resource: 'pods', verbs: ['delete'] }],
  ['list services in kube-system', { group: '', resource: 'services', verbs: ['list'], namespace: 'kube-system' }],
  ['create pods in *', { group: '', resource: 'pods', verbs: ['create'], namespace: undefined }],
  ['create pods/exec', { group: '', resource: 'pods/exec', verbs: ['create'] }],
  ['patch deployments.apps', { group: 'apps', resource: 'deployments', verbs: ['patch'] }],
  [
    'patch clusters.postgresql.cnpg.io/status',
    { group: 'postgresql.cnpg.io', resource: 'clusters/status', verbs: ['patch'] },
  ],
])('%s is a right', (words, right) => {
  expect(rightNamed(words)).toEqual(right);
});

const ofFault = ["the commands of the cluster's settings", 'fis:StartExperiment', 'get pods', 'patch nodes'];

test('of what a fault needs only rights of the API are asked for', () => {
  expect(rightsNamed(ofFault).map(({ resource }) => resource)).toEqual(['pods', 'nodes']);
  expect(rightsNamedIn('shop', ofFault)).toEqual([
    { group: '', resource: 'pods', verbs: ['get'], namespace: 'shop' },
    { group: '', resource: 'nodes', verbs: ['patch'] },
  ]);
});

test('all that is missing is told at once, each resource once, with the roles that would do', async () => {
  await using kube = await testKubeApi({});
  const base = { group: '', resource: 'pods', verbs: ['get', 'list'] };
  const asked = [base, ...rightsNamed(['get pods', 'delete pods', 'list services in kube-system'])];
  expect(await rightsLacking(kube.api, asked)).toEqual([
    `you may not get, list, delete pods; list services in kube-system. These roles would do:
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: tenfold }
rules:
  - { apiGroups: [""], resources: [pods], verbs: [get, list, delete] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: tenfold, namespace: kube-system }
rules:
  - { apiGroups: [""], resources: [services], verbs: [list] }`,
  ]);
});

test('the roles have what is allowed already too, so that applying them takes nothing away', async () => {
  await using kube = await testKubeApi({}, { mayAll: true, mayNot: ['patch deployments'] });
  const asked = ['list pods', 'get deployments.apps', 'patch deployments.apps', 'patch deployments.apps/scale'];
  expect(await rightsLacking(kube.api, rightsNamed([...asked, 'list services in kube-system']))).toEqual([
    `you may not patch deployments.apps; patch deployments.apps/scale. This role would do:
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: tenfold }
rules:
  - { apiGroups: [""], resources: [pods], verbs: [list] }
  - { apiGroups: ["apps"], resources: [deployments], verbs: [get, patch] }
  - { apiGroups: ["apps"], resources: [deployments/scale], verbs: [patch] }`,
  ]);
});
