import { createSocket } from 'node:dgram';
import { promises as dns } from 'node:dns';
import { once } from 'node:events';
import { decode, encode } from 'dns-packet';
import { describe, expect, it } from 'vitest';
import { type DnsServer, startDns } from './server.ts';

const name = '_postgresql._tcp.shop.cluster-local.region.internal';
const dbA = { target: 'db-a.region.internal', port: 5001 };
const dbB = { target: 'db-b.region.internal', port: 5002 };

function resolverOf(server: DnsServer) {
  const resolver = new dns.Resolver();
  resolver.setServers([`${server.host}:${server.port}`]);
  return resolver;
}

describe('startDns', () => {
  it('answers SRV and A to the resolver of Node, and follows changes', async () => {
    await using server = await startDns();
    const resolver = resolverOf(server);
    server.set(name, [dbA, dbB]);
    const found = (await resolver.resolveSrv(name)).map(({ name, port }) => ({ target: name, port }));
    expect(found).toEqual(expect.arrayContaining([dbA, dbB]));
    expect(await resolver.resolve4('db-b.region.internal', { ttl: true })).toEqual([{ address: '127.0.0.1', ttl: 5 }]);

    server.set(name, [dbB]);
    expect(await resolver.resolveSrv(name)).toMatchObject([
      { name: dbB.target, port: dbB.port, priority: 0, weight: 1 },
    ]);
    await expect(resolver.resolve4('db-a.region.internal')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  it('tells unknown names from known names without such a record', async () => {
    await using server = await startDns();
    const resolver = resolverOf(server);
    server.set(name, [dbA]);
    await expect(resolver.resolveSrv('elsewhere.internal')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(resolver.resolve4(name)).rejects.toMatchObject({ code: 'ENODATA' });
    server.set(name, []);
    await expect(resolver.resolveSrv(name)).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  it('sends the hosts along with a TTL of 5 s, and survives garbage', async () => {
    await using server = await startDns();
    server.set(name, [dbA]);
    const socket = createSocket('udp4');
    socket.send('garbage', server.port, server.host);
    socket.send(
      encode({ type: 'query', id: 7, questions: [{ type: 'SRV', name: name.toUpperCase() }] }),
      server.port,
      server.host,
    );
    const [message] = await once(socket, 'message');
    socket.close();
    const reply = decode(message);
    expect(reply).toMatchObject({
      id: 7,
      rcode: 'NOERROR',
      answers: [{ type: 'SRV', ttl: 5, data: dbA }],
      additionals: [{ type: 'A', name: dbA.target, ttl: 5, data: '127.0.0.1' }],
    });
  });
});
