import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FisClient, ListExperimentsCommand } from '@aws-sdk/client-fis';
import { DescribeDBClustersCommand, RDSClient } from '@aws-sdk/client-rds';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { nowMs } from '../runtime/clock.ts';
import { clientSettings } from './client-settings.ts';

let asked = 0;
const silent = createServer(() => {
  asked += 1;
});
beforeAll(() => new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  silent.closeAllConnections();
  silent.close();
});

const settings = () =>
  clientSettings(
    {
      endpoint: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
      region: 'local-1',
      resourceTags: {},
      fisRoleArn: '',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    },
    200,
  );

// The two services have SDKs of different ages, which understand different settings.
test.each([
  ['FIS', () => new FisClient(settings()).send(new ListExperimentsCommand({}))],
  ['RDS', () => new RDSClient(settings()).send(new DescribeDBClustersCommand({}))],
])('a client of %s gives up on an endpoint that says nothing, after three tries', async (_, ask) => {
  asked = 0;
  const startMs = nowMs();
  await expect(ask()).rejects.toThrow();
  expect(asked).toBe(3);
  expect(nowMs() - startMs).toBeLessThan(10_000);
});

test.each([
  ['FIS', () => new FisClient(settings()).send(new ListExperimentsCommand({}))],
  ['RDS', () => new RDSClient(settings()).send(new DescribeDBClustersCommand({}))],
])('a client of %s asks the endpoint of a target, whatever is said of AWS', async (_, ask) => {
  vi.stubEnv('AWS_USE_FIPS_ENDPOINT', 'true');
  vi.stubEnv('AWS_USE_DUALSTACK_ENDPOINT', 'true');
  vi.stubEnv('AWS_RETRY_MODE', 'adaptive');
  vi.stubEnv('AWS_DEFAULTS_MODE', 'fast');
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
  asked = 0;
  await expect(ask()).rejects.toThrow();
  vi.unstubAllEnvs();
  expect(asked).toBe(3);
});
