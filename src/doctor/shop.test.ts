import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testContext, testSite } from '../../tests/support/doctor-context.ts';
import { configSchema } from '../model/config.ts';
import { invalid } from '../model/errors.ts';
import { attachedTarget } from '../platform/attached/attached-target.ts';
import { shop } from './shop.ts';

const server = createServer((request, response) => response.writeHead(request.url === '/well' ? 200 : 500).end());
let baseUrl: string;
beforeEach(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => void server.close());

const look = async (path: string) => {
  const paths = { read: { limitMs: 100, probe: { path } } };
  const target = await attachedTarget(
    configSchema.parse({ baseUrl, paths, traffic: { baselineRatePerSecond: 5 } }),
    '/',
  );
  return await shop.run(testContext({ standsUp: false, site: async () => testSite(target) }));
};

test('a shop that answers as its config says', async () => {
  expect(await look('/well')).toMatchObject([{ outcome: 'ok' }]);
});

test('one that answers otherwise, or not at all, is a problem with its remedy', async () => {
  expect(await look('/ill')).toMatchObject([{ outcome: 'problem', message: expect.stringContaining('answers 500') }]);
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
  expect(await look('/well')).toMatchObject([
    {
      outcome: 'problem',
      message: expect.stringContaining('ECONNREFUSED'),
      remedy: expect.stringContaining('ATTACHED.md'),
    },
  ]);
});

test('a config that cannot be used is a problem with all that is wrong with it', async () => {
  const site = async () => {
    throw invalid(['x.config.ts cannot be used:', 'the environment variable TOKEN is not set'], 'docs/ATTACHED.md');
  };
  expect(await shop.run(testContext({ standsUp: false, site }))).toEqual([
    { outcome: 'problem', message: expect.stringContaining('TOKEN is not set'), remedy: 'docs/ATTACHED.md' },
  ]);
});
