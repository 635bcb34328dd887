import { expect, test } from 'vitest';
import { type LoadWish, runnerJob, sharedObjects } from './measuring-pods.ts';

const wish: LoadWish = {
  runId: '20261128-160000-abc123',
  namespace: 'tenfold-load',
  image: 'registry.example/k6:2.2.0',
  starterImage: undefined,
  shop: { namespace: 'shop', labels: { app: 'storefront' } },
  nodes: {},
  container: 'k6',
  file: { name: 'script', key: 'script.tar', content: Buffer.from('an archive') },
  authorities: undefined,
  environment: { K6_CSV_TIME_FORMAT: 'unix_micro' },
  secrets: {},
  size: { cpuMillis: 300, memoryMiB: 512 },
  atMostMs: 900_000,
};

test('a runner may do what restricted Pod Security allows, and no more', () => {
  const { template, backoffLimit, activeDeadlineSeconds } = runnerJob(wish, 0, []).spec ?? {};
  const pod = template?.spec;
  expect({ backoffLimit, activeDeadlineSeconds }).toEqual({ backoffLimit: 0, activeDeadlineSeconds: 900 });
  expect(pod).toMatchObject({
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  });
  expect(pod?.containers[0]?.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
});

test('it is paused, has its own arguments and its number, and asks for what it needs', () => {
  const job = runnerJob(wish, 2, ['--out', 'csv=-', '--tag=worker=3']);
  const [container] = job.spec?.template.spec?.containers ?? [];
  expect(container?.args).toEqual([
    ...['run', '--out', 'csv=-', '--tag=worker=3', '--paused', '--address=0.0.0.0:6565', '/tenfold/script.tar'],
  ]);
  expect(job.spec?.template.metadata?.labels).toMatchObject({
    'tenfold.dev/run': wish.runId,
    'tenfold.dev/runner': '3',
  });
  expect(container?.resources).toEqual({ requests: { cpu: '300m', memory: '512Mi' }, limits: { memory: '512Mi' } });
});

test('values of secrets are in a Secret alone', () => {
  const secret = { ...wish, secrets: { SHOP_TOKEN: 'hush' } };
  const objects = [...sharedObjects(secret), runnerJob(secret, 0, [])];
  const holders = objects.filter((object) => JSON.stringify(object).includes('hush')).map(({ kind }) => kind);
  expect(holders).toEqual(['Secret']);
  expect(runnerJob(secret, 0, []).spec?.template.spec?.containers[0]?.env).toContainEqual({
    name: 'SHOP_TOKEN',
    valueFrom: { secretKeyRef: { name: 'variables', key: 'SHOP_TOKEN' } },
  });
});

test('a shop behind TLS brings whom to trust, and nodes can be named', () => {
  const more = { ...wish, authorities: 'PEM', nodes: { pool: 'load' } };
  expect(sharedObjects(more).map(({ metadata }) => metadata?.name)).toEqual(['script', 'authorities']);
  const pod = runnerJob(more, 0, []).spec?.template.spec;
  expect(pod?.nodeSelector).toEqual({ pool: 'load' });
  expect(pod?.containers[0]?.env).toContainEqual({ name: 'SSL_CERT_FILE', value: '/authorities/authorities.pem' });
});
