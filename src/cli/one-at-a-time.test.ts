import { expect, test } from 'vitest';
import { testKubeApi } from '../../tests/support/test-kube-api.ts';
import { invalid } from '../model/errors.ts';
import { leaseHolder } from '../platform/kubernetes/lease-holder.ts';
import { oneAtATime } from './one-at-a-time.ts';

const platform = `test-${process.pid}`;
const path = '/apis/coordination.k8s.io/v1/namespaces/default/leases/tenfold-drill';
const leaseOf = (holderIdentity: string, renewedAtMs = Date.now()) => ({
  [path]: {
    metadata: { name: 'tenfold-drill' },
    spec: { holderIdentity, leaseDurationSeconds: 60, renewTime: new Date(renewedAtMs).toISOString() },
  },
});
const elsewhere = 'drill r1 (process 1 of ann on elsewhere)';

async function askedOn(objects: Parameters<typeof testKubeApi>[0]) {
  await using kube = await testKubeApi(objects);
  const answer = await oneAtATime({ platform, target: { usedBy: () => leaseHolder(kube.api) } });
  return { answer, asked: kube.asked };
}

test('a plan says of a cluster that a drill from elsewhere is using it, and takes nothing', async () => {
  const { answer, asked } = await askedOn(leaseOf(elsewhere));
  expect(answer).toMatchObject({ allows: false, message: `${elsewhere} is using ${platform}` });
  expect(asked).toEqual([`GET ${path}`]);
});

test('a cluster is free without a lease, and with one that ran out', async () => {
  for (const objects of [{}, leaseOf(elsewhere, Date.now() - 61_000)])
    expect((await askedOn(objects)).answer).toMatchObject({
      allows: true,
      message: expect.stringMatching(/is free, and/),
    });
});

test('where nobody can tell, it is refused, with what would allow it', async () => {
  const usedBy = () => Promise.reject(invalid('the lease cannot be read', 'allow it'));
  expect(await oneAtATime({ platform, target: { usedBy } })).toMatchObject({
    allows: false,
    message: 'the lease cannot be read',
    remedy: 'allow it',
  });
});

test('of a platform that only this machine knows of, no more is said', async () => {
  expect(await oneAtATime({ platform, target: {} })).toMatchObject({ message: `${platform} is free on this machine` });
});
