import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { getCACertificates } from 'node:tls';
import { Client } from 'undici';
import { afterEach, expect, test } from 'vitest';
import { authorities, dialling, familyOf, unusedProxies } from './way.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A shop that takes connections at only one address: its port. */
async function shopAt(address: string): Promise<number> {
  const server = createServer((request, response) => response.end(request.socket.localAddress));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return (server.address() as AddressInfo).port;
}

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

test.skipIf(!hasIpv6)('a name is asked by the version of IP at which something takes connections', async () => {
  expect(await familyOf(`http://localhost:${await shopAt('127.0.0.1')}`)).toBe(4);
  expect(await familyOf(`http://[::1]:${await shopAt('::1')}`)).toBe(6);
  const url = `http://localhost:${await shopAt('::1')}`;
  const family = await familyOf(url);
  const client = new Client(url, { connect: dialling(url, family, 1_000) });
  const asked = async () => await (await client.request({ method: 'GET', path: '/' })).body.text();
  // Only where the machine's own name stands for both; elsewhere there is nothing to choose from.
  if (family === 6) expect(await asked()).toBe('::1');
  await client.destroy();
});

test('where nothing answers it is IPv4, as k6 has it, and a name that is not there says so', async () => {
  expect(await familyOf('http://127.0.0.1:1')).toBe(4);
  expect(await familyOf('http://shop.invalid')).toBe(4);
  const client = new Client('http://shop.invalid', { connect: dialling('http://shop.invalid', 4, 1_000) });
  const error = await client.request({ method: 'GET', path: '/' }).catch((e: NodeJS.ErrnoException) => e.code);
  expect(error).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
  await client.destroy();
});

test('those are trusted whom Node trusts, the system and NODE_EXTRA_CA_CERTS, and each is there once', () => {
  const all = authorities();
  for (const kind of ['bundled', 'system', 'extra'] as const)
    expect(new Set(getCACertificates(kind)).difference(new Set(all))).toEqual(new Set());
  expect(new Set(all).size).toBe(all.length);
});

test('proxies that are not used are told by the names of their variables', () => {
  expect(unusedProxies({ HTTP_PROXY: 'http://p', https_proxy: '', NO_PROXY: '*' })).toEqual(['HTTP_PROXY']);
  expect(unusedProxies({})).toEqual([]);
});
