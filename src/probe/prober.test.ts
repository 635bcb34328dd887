import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Lane } from '../model/lane.ts';
import { nowMs } from '../runtime/clock.ts';
import { openProber, type Prober } from './prober.ts';

const timeoutMs = 300;
const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each[Symbol.asyncDispose]();
});

async function proberOf(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  some: Partial<Lane> = {},
): Promise<Prober> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  });
  const lane: Lane = {
    lane: 'edge-read-pooled',
    path: 'read',
    via: 'edge',
    replica: '',
    zone: '',
    connection: 'pooled',
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    intervalMs: 10,
    ...some,
  };
  const prober = openProber(lane, { tenant: 'tenant-a', family: 4, timeoutMs });
  open.push(prober);
  return prober;
}

const page: NonNullable<Lane['request']> = {
  method: 'GET',
  path: '/page/{n:3}',
  headers: { 'x-who': 'tenfold' },
  body: null,
  expectStatus: [200, 204],
  expectText: 'in stock',
};

describe('a probe of the reference shop', () => {
  it('is right when the answer is about what was asked', async () => {
    const prober = await proberOf((_, response) => response.end('{"id":1,"sku":"tenant-a-1","name":"Lamp"}'));
    expect(await prober.probe(0)).toEqual({ status: 200, error: '' });
    expect(await prober.probe(1)).toEqual({ status: 200, error: 'wrong-body' });
  });

  it("is wrong when the product is another tenant's", async () => {
    const prober = await proberOf((_, response) => response.end('{"id":1,"sku":"tenant-b-1","name":"Lamp"}'));
    expect(await prober.probe(0)).toEqual({ status: 200, error: 'wrong-body' });
  });

  it.each([
    ['its lines and what they cost together', { quantity: 1, totalCents: 995 }, ''],
    ['other lines', { quantity: 2, totalCents: 1990 }, 'wrong-body'],
    ['prices that do not add up', { quantity: 1, totalCents: 1 }, 'wrong-body'],
  ])('saves a cart, which has to have %s', async (_, { quantity, totalCents }, error) => {
    const prober = await proberOf(
      (request, response) => {
        const id = request.url?.split('/').at(-1);
        response.end(JSON.stringify({ id, lines: [{ productId: 1, quantity, priceCents: 995 }], totalCents }));
      },
      { path: 'write' },
    );
    expect(await prober.probe(0)).toEqual({ status: 200, error });
  });
});

describe('a probe of another shop', () => {
  it('sends its own request, its numbers in turn', async () => {
    const asked: (string | undefined)[] = [];
    const prober = await proberOf(
      (request, response) => {
        asked.push(`${request.method} ${request.url} ${request.headers['x-who']}`);
        response.end('five in stock');
      },
      { request: page },
    );
    for (const number of [0, 1, 3]) expect((await prober.probe(number)).error).toBe('');
    expect(asked).toEqual(['GET /page/1 tenfold', 'GET /page/2 tenfold', 'GET /page/1 tenfold']);
  });

  it.each([
    ['the number that was sent', '{"items":[{"id":2}]}', ''],
    ['another one', '{"items":[{"id":1}]}', 'wrong-body'],
    ['no JSON', 'in stock', 'wrong-body'],
  ])('has values that are expected: %s', async (_, body, error) => {
    const request = { ...page, expectText: '', expectJson: { 'items.0.id': '{n:3}', 'items.length': 1 } };
    const prober = await proberOf((_request, response) => response.end(body), { request });
    expect(await prober.probe(1)).toEqual({ status: 200, error });
  });

  it.each([
    ['says 200 and something else', 200, 'sold out', 'wrong-body'],
    ['is sent elsewhere', 302, 'in stock', 'http-302'],
    ['fails', 500, 'in stock', 'http-500'],
  ])('is wrong when it %s', async (_, status, body, error) => {
    const prober = await proberOf((_request, response) => response.writeHead(status).end(body), { request: page });
    expect(await prober.probe(0)).toEqual({ status, error });
  });
});

it('reads a character that comes in two packets', async () => {
  const text = Buffer.from('verfügbar');
  const middle = text.indexOf(0xc3) + 1;
  const prober = await proberOf(
    (_, response) => {
      response.write(text.subarray(0, middle));
      setTimeout(() => response.end(text.subarray(middle)), 20);
    },
    { request: { ...page, expectText: 'verfügbar' } },
  );
  expect(await prober.probe(0)).toEqual({ status: 200, error: '' });
});

it('reads no answer without an end', async () => {
  const prober = await proberOf((_, response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(256 * 1024)));
    };
    response.on('drain', more);
    more();
  });
  const { error } = await prober.probe(0);
  // On a slow host it times out first.
  expect(['TOO_LONG', 'TIMEOUT']).toContain(error);
});

it('names itself as k6 does, unless the request does so', async () => {
  const names: (string | undefined)[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    names.push(request.headers['user-agent']);
    response.end('in stock');
  };
  const own = { ...page, headers: { 'User-Agent': 'mine' } };
  for (const some of [{}, { request: page }, { request: own }]) await (await proberOf(answer, some)).probe(0);
  expect(names).toEqual(['tenfold', 'tenfold', 'mine']);
});

describe('a probe without an answer', () => {
  it.each<[string, (response: ServerResponse) => void]>([
    ['that hangs', () => {}],
    ['that comes a byte at a time', (response) => setInterval(() => response.write('.'), 50).unref()],
  ])('%s ends when its time is up', async (_, answer) => {
    const prober = await proberOf((_request, response) => answer(response));
    const startMs = nowMs();
    expect(await prober.probe(0)).toEqual({ status: 0, error: 'TIMEOUT' });
    expect(nowMs() - startMs).toBeGreaterThanOrEqual(timeoutMs - 2);
    expect(nowMs() - startMs).toBeLessThan(timeoutMs + 400);
  });

  it('from a port that refuses says so', async () => {
    const prober = await proberOf(() => {}, { baseUrl: 'http://127.0.0.1:1' });
    expect((await prober.probe(0)).error).toBe('ECONNREFUSED');
  });
});
