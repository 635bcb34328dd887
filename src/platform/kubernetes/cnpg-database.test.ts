import { expect, test } from 'vitest';
import { testKubeApi } from '../../../tests/support/test-kube-api.ts';
import { exitCodes } from '../../model/exit-codes.ts';
import { watchCnpg } from './cnpg-database.ts';

test('that a database is gone is no bug: nothing can be said then', async () => {
  const path = '/apis/postgresql.cnpg.io/v1/namespaces/shop/clusters/other';
  await using kube = await testKubeApi({ [path]: { metadata: { name: 'other', namespace: 'shop', uid: 'uid-1' } } });
  using cnpg = await watchCnpg(kube.api, { namespace: 'shop', name: 'db' });
  expect(() => cnpg.now()).toThrow(
    expect.objectContaining({
      exitCode: exitCodes.inconclusive,
      message: 'there is no CloudNativePG cluster db in shop any more',
    }),
  );
});
