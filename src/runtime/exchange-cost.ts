import { once } from 'node:events';
import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Until the code is compiled. */
const warmUpExchanges = 3_000;
const batches = 4;
const exchangesPerBatch = 800;
const atATime = 8;
const body = JSON.stringify(
  Array.from({ length: 24 }, (_, id) => ({ id, name: `product ${id}`, priceCents: id * 100 })),
);

/**
 * What one exchange of HTTP over loopback costs this host in CPU time, in ms: both ends, with a body of 1 kB that is built and
 * read. CPU time, and of some batches the least, so that what else runs here hardly matters. Takes about a second of one core.
 */
export async function measureExchangeCost(): Promise<number> {
  const server = createServer((_, response) => response.end(JSON.stringify(JSON.parse(body))));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const agent = new Agent({ keepAlive: true, maxSockets: atATime });
  try {
    await exchange(server, agent, warmUpExchanges);
    const costsMs: number[] = [];
    for (let batch = 0; batch < batches; batch += 1) {
      const before = process.cpuUsage();
      await exchange(server, agent, exchangesPerBatch);
      const { user, system } = process.cpuUsage(before);
      costsMs.push((user + system) / 1_000 / exchangesPerBatch);
    }
    return Math.min(...costsMs);
  } finally {
    agent.destroy();
    server.close();
  }
}

async function exchange(server: Server, agent: Agent, count: number): Promise<void> {
  const { port } = server.address() as AddressInfo;
  let left = count;
  const ask = async () => {
    while (left-- > 0) {
      const asking = request({ host: '127.0.0.1', port, agent }).end();
      const [response] = await once(asking, 'response');
      let text = '';
      for await (const chunk of response) text += chunk;
      JSON.parse(text);
    }
  };
  await Promise.all(Array.from({ length: atATime }, ask));
}
