import { expect, test } from 'vitest';
import { rightNamed } from './rights.ts';

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
