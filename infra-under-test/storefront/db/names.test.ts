import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startDns } from '../test/dns.ts';
import { createServiceName } from './names.ts';

const name = '_postgresql._tcp.example.internal';
const loopback = (port: number) => ({ host: '127.0.0.1', port });
const serverOf = (address: string) => loopback(Number(address.split(':')[1]));

test('an answer is kept as long as its TTL says', async () => {
  await using dns = await startDns(1);
  dns.point(name, [1001, 1002]);
  const service = createServiceName(serverOf(dns.address), name);
  const lookups = await Promise.all([service.lookup(), service.lookup()]);
  expect(lookups).toEqual(Array(2).fill([loopback(1001), loopback(1002)]));
  dns.point(name, [1003]);
  expect(await service.lookup()).toHaveLength(2);
  expect(dns.questions(name)).toBe(1);
  await sleep(1_010);
  expect(await service.lookup()).toEqual([loopback(1003)]);
});

test('addresses that an answer does not bring along are asked for', async () => {
  await using dns = await startDns(1, { brings: false });
  dns.point(name, [1001, 1002]);
  expect(await createServiceName(serverOf(dns.address), name).lookup()).toEqual([loopback(1001), loopback(1002)]);
  expect(dns.questions('db-1002.internal')).toBe(1);
});

test('an answer that proved wrong is asked for again, once for a burst of failures', async () => {
  await using dns = await startDns(60);
  dns.point(name, [1001]);
  const service = createServiceName(serverOf(dns.address), name);
  await service.lookup();
  dns.point(name, [1002]);
  await sleep(60);
  service.invalidate();
  expect(await service.lookup()).toEqual([loopback(1002)]);
  service.invalidate();
  await service.lookup();
  expect(dns.questions(name)).toBe(2);
});

test('the last answer serves while the name server is away, and none is an error', async () => {
  const dns = await startDns(0);
  dns.point(name, [1001]);
  const service = createServiceName(serverOf(dns.address), name);
  await service.lookup();
  await dns[Symbol.asyncDispose]();
  expect(await service.lookup()).toEqual([loopback(1001)]);
  await expect(createServiceName(loopback(9), name).lookup()).rejects.toMatchObject({ code: 'ENAME' });
});
