import { once } from 'node:events';
import { get, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { startUpstream, type Upstream } from '../test/upstream.ts';
import { createEdge } from './edge.ts';
import { TargetGroup, type TargetGroupOptions } from './target-group.ts';

interface TestEdge extends AsyncDisposable {
  url: string;
  group: TargetGroup;
  own: Record<number, number>;
  register(...upstreams: Upstream[]): void;
  health(): string[];
}

/** Shorter than the region's own, for the tests' sake. */
const healthCheckIntervalMs = 200;

async function startTestEdge(options: Partial<TargetGroupOptions> = {}): Promise<TestEdge> {
  const group = new TargetGroup({ healthChecks: true, healthCheckIntervalMs, slowStartMs: 0, ...options });
  const { server, counters } = createEdge(group);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    group,
    own: counters.own,
    register: (...upstreams) => group.register(upstreams.map(({ address }) => address)),
    health: () => group.list().map((target) => target.health.state),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await group.destroy();
    },
  };
}

const healthIs = (edge: TestEdge, ...states: string[]) =>
  vi.waitFor(() => expect(edge.health()).toEqual(states), { timeout: 8_000, interval: 20 });

async function answersOf(edge: TestEdge, count: number): Promise<string[]> {
  const answers: string[] = [];
  for (let sent = 0; sent < count; sent += 1) {
    const response = await fetch(edge.url);
    answers.push(response.ok ? await response.text() : String(response.status));
  }
  return answers;
}

describe.concurrent('balancing', () => {
  test('gives a target that has just become healthy less than its turn, and then its turn', async () => {
    await using a = await startUpstream('a');
    await using b = await startUpstream('b');
    await using edge = await startTestEdge({ slowStartMs: 2_000 });
    edge.register(a);
    await healthIs(edge, 'healthy');
    await sleep(2_000);
    edge.register(a, b);
    await healthIs(edge, 'healthy', 'healthy');
    const soon = (await answersOf(edge, 20)).filter((name) => name === 'b').length;
    expect(soon).toBeLessThan(7);
    await sleep(2_000);
    const later = (await answersOf(edge, 20)).filter((name) => name === 'b').length;
    expect(later).toBe(10);
  });

  test('takes targets in turn that all have just become healthy', async () => {
    await using a = await startUpstream('a');
    await using b = await startUpstream('b');
    await using edge = await startTestEdge({ slowStartMs: 60_000 });
    edge.register(a, b);
    await healthIs(edge, 'healthy', 'healthy');
    const answers = await answersOf(edge, 6);
    expect(answers.toSorted()).toEqual(['a', 'a', 'a', 'b', 'b', 'b']);
  });

  test('takes healthy targets in turn', async () => {
    await using a = await startUpstream('a');
    await using b = await startUpstream('b');
    await using edge = await startTestEdge();
    edge.register(a, b);
    await healthIs(edge, 'healthy', 'healthy');
    const answers = await answersOf(edge, 6);
    expect(answers.toSorted()).toEqual(['a', 'a', 'a', 'b', 'b', 'b']);
    expect(answers[0]).not.toBe(answers[1]);
  });

  test('answers 503 without a target, and to a target that never passed a check gives nothing', async () => {
    await using edge = await startTestEdge();
    expect(await answersOf(edge, 1)).toEqual(['503']);
    await using starting = await startUpstream('starting');
    starting.ready = false;
    edge.register(starting);
    expect(await answersOf(edge, 1)).toEqual(['503']);
    starting.ready = true;
    await healthIs(edge, 'healthy');
    expect(await answersOf(edge, 1)).toEqual(['starting']);
    expect(edge.own[503]).toBe(2);
  });

  test('takes an unhealthy target out and back in', async () => {
    await using a = await startUpstream('a');
    await using b = await startUpstream('b');
    await using edge = await startTestEdge();
    edge.register(a, b);
    await healthIs(edge, 'healthy', 'healthy');
    a.ready = false;
    await healthIs(edge, 'unhealthy', 'healthy');
    expect(await answersOf(edge, 4)).toEqual(['b', 'b', 'b', 'b']);
    a.ready = true;
    const backAtMs = performance.now();
    await healthIs(edge, 'healthy', 'healthy');
    expect(performance.now() - backAtMs).toBeGreaterThan(3.9 * healthCheckIntervalMs);
  });

  test('fails open when all targets are unhealthy', async () => {
    await using a = await startUpstream('a');
    await using b = await startUpstream('b');
    await using edge = await startTestEdge();
    edge.register(a, b);
    a.ready = false;
    b.ready = false;
    await healthIs(edge, 'unhealthy', 'unhealthy');
    expect((await answersOf(edge, 4)).toSorted()).toEqual(['a', 'a', 'b', 'b']);
  });

  test('finds a target unhealthy that takes connections and stays silent, as a frozen one does', async () => {
    const frozen = createServer();
    frozen.listen(0, '127.0.0.1');
    await once(frozen, 'listening');
    await using edge = await startTestEdge();
    edge.group.register([{ name: 'f', zone: 'z', host: '127.0.0.1', port: (frozen.address() as AddressInfo).port }]);
    await healthIs(edge, 'unhealthy');
    frozen.close();
  });

  test('without health checks, sends to whatever is registered', async () => {
    await using a = await startUpstream('a');
    await using edge = await startTestEdge({ healthChecks: false });
    a.ready = false;
    edge.register(a);
    expect(await answersOf(edge, 2)).toEqual(['a', 'a']);
  });
});

describe.concurrent('a cookie that names a pod', () => {
  const askedFor = async (edge: TestEdge, pod: string) =>
    (await fetch(edge.url, { headers: { cookie: `theme=dark; pod=${pod}` } })).text();

  test('leads to it while it is healthy', async () => {
    await using a = await startUpstream('a');
    await using b = await startUpstream('b');
    await using edge = await startTestEdge();
    edge.register(a, b);
    await healthIs(edge, 'healthy', 'healthy');
    for (let sent = 0; sent < 4; sent += 1) expect(await askedFor(edge, 'b')).toBe('b');
    b.ready = false;
    await healthIs(edge, 'healthy', 'unhealthy');
    expect(await askedFor(edge, 'b')).toBe('a');
  });

  test('leads to another one when it is not there', async () => {
    await using a = await startUpstream('a');
    await using edge = await startTestEdge({ healthChecks: false });
    edge.register(a);
    expect(await askedFor(edge, 'gone')).toBe('a');
  });
});

describe.concurrent('deregistration', () => {
  test('gives a target no new requests and lets those in flight finish', async () => {
    let finish = () => {};
    await using slow = await startUpstream('slow', (_, response) => {
      finish = () => response.end('finished');
    });
    await using edge = await startTestEdge({ healthChecks: false });
    edge.register(slow);
    const inFlight = fetch(edge.url);
    await vi.waitFor(() => expect(slow.requests).toHaveLength(1));
    edge.register();
    expect(await answersOf(edge, 1)).toEqual(['503']);
    finish();
    expect(await (await inFlight).text()).toBe('finished');
  });
});

describe.concurrent('failures', () => {
  test('a refused connection is a 502', async () => {
    const gone = await startUpstream('gone');
    await gone[Symbol.asyncDispose]();
    await using edge = await startTestEdge({ healthChecks: false });
    edge.register(gone);
    expect(await answersOf(edge, 1)).toEqual(['502']);
    expect(edge.own).toEqual({ 502: 1 });
  });

  test('a request that a target dropped is not sent again, not even to another one', async () => {
    const drop = (request: IncomingMessage) => request.socket.destroy();
    await using a = await startUpstream('a', drop);
    await using b = await startUpstream('b', drop);
    await using edge = await startTestEdge({ healthChecks: false });
    edge.register(a, b);
    expect(await answersOf(edge, 3)).toEqual(['502', '502', '502']);
    expect(a.requests.length + b.requests.length).toBe(3);
  });

  test('a target that stays silent is a 504', async () => {
    await using silent = await startUpstream('silent', () => {});
    await using edge = await startTestEdge({ healthChecks: false, upstreamTimeoutMs: 200 });
    edge.register(silent);
    expect(await answersOf(edge, 1)).toEqual(['504']);
  });

  test('an answer that breaks off breaks off for the client as well', async () => {
    await using broken = await startUpstream('broken', (_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half', () => response.destroy());
    });
    await using edge = await startTestEdge({ healthChecks: false });
    edge.register(broken);
    const response = await fetch(edge.url);
    await expect(response.text()).rejects.toThrow();
  });

  test('a client that leaves ends its request at the target', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    await using slow = await startUpstream('slow', (_, response) => response.once('close', resolve));
    await using edge = await startTestEdge({ healthChecks: false });
    edge.register(slow);
    const client = get(edge.url).on('error', () => {});
    await vi.waitFor(() => expect(slow.requests).toHaveLength(1));
    client.destroy();
    await closed;
    await vi.waitFor(() => expect(edge.own).toEqual({ 499: 1 }));
  });
});

describe.concurrent('messages', () => {
  test('pass with body, path and headers, but for those of the connection', async () => {
    await using a = await startUpstream('a', (incoming, response) => {
      response.writeHead(201, {
        'set-cookie': ['x=1', 'y=2'],
        connection: 'x-private',
        'x-private': '1',
        'x-pod': 'a',
      });
      incoming.pipe(response);
    });
    await using edge = await startTestEdge({ healthChecks: false });
    edge.register(a);
    const outgoing = request(`${edge.url}/orders?x=%20y`, {
      method: 'POST',
      headers: {
        'x-forwarded-for': '10.0.0.1',
        'x-tenant': 'north',
        connection: 'x-hop',
        'x-hop': '1',
        te: 'trailers',
      },
    });
    outgoing.end('{"lines":[]}');
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    expect((await response.toArray()).join('')).toBe('{"lines":[]}');
    expect(response.statusCode).toBe(201);
    expect(response.headers).toMatchObject({ 'set-cookie': ['x=1', 'y=2'], 'x-pod': 'a' });
    expect(response.headers).not.toHaveProperty('x-private');
    const [seen] = a.requests as [IncomingMessage];
    expect(seen).toMatchObject({ method: 'POST', url: '/orders?x=%20y' });
    expect(seen.headers).toMatchObject({ 'x-forwarded-for': '10.0.0.1, 127.0.0.1', 'x-tenant': 'north' });
    expect(seen.headers.host).toBe(new URL(edge.url).host);
    for (const name of ['x-hop', 'te']) expect(seen.headers).not.toHaveProperty(name);
  });

  test('of 20 MB pass unharmed to a client that reads slowly', async () => {
    await using big = await startUpstream('big', (_, response) => response.end(Buffer.alloc(20_000_000, 'x')));
    await using edge = await startTestEdge({ healthChecks: false });
    edge.register(big);
    const [response] = (await once(get(edge.url), 'response')) as [IncomingMessage];
    await sleep(100);
    let received = 0;
    for await (const chunk of response) received += chunk.length;
    expect(received).toBe(20_000_000);
  });

  test('share connections to a target', async () => {
    await using a = await startUpstream('a');
    await using edge = await startTestEdge({ healthChecks: false });
    edge.register(a);
    await answersOf(edge, 20);
    expect(a.connections).toBe(1);
  });
});
