import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import { invalid } from '../model/errors.ts';
import { programAt, startOwnedNode, stopOwned } from './processes.ts';

const podCount = 4;
/** Until all processes have compiled their code. */
const warmUpExchanges = 3_000;
const batches = 12;
const exchangesPerBatch = 400;
const atATime = 8;

interface Peer extends AsyncDisposable {
  port: number;
}

/**
 * What one HTTP exchange costs this host in CPU time, in ms, at all its ends: a client, an edge and one of four pods, each in its
 * own process, with a 1 kB body that is built and read. A process with a core to itself does the same work in a quarter of the
 * time on some hosts, and in half of it on others (decision 15). The median of batches, as a shared host's speed changes within
 * seconds. Takes two to three seconds.
 * @throws TenfoldError (invalid) when these processes cannot be started
 */
export async function measureExchangeCost(): Promise<number> {
  await using stack = new AsyncDisposableStack();
  const pods = await Promise.all(Array.from({ length: podCount }, async () => stack.use(await startPeer())));
  const edge = stack.use(await startPeer(pods.map(({ port }) => port)));
  const agent = new Agent({ keepAlive: true, maxSockets: atATime });
  stack.defer(() => agent.destroy());
  const usedMs = async (): Promise<number> => {
    const ofPeers = await Promise.all([...pods, edge].map(({ port }) => ask(port, agent, '/cpu')));
    const all = [process.cpuUsage(), ...(ofPeers as NodeJS.CpuUsage[])];
    return all.reduce((sum, { user, system }) => sum + (user + system) / 1_000, 0);
  };
  await exchange(edge.port, agent, warmUpExchanges);
  const costsMs: number[] = [];
  for (let batch = 0; batch < batches; batch += 1) {
    const beforeMs = await usedMs();
    await exchange(edge.port, agent, exchangesPerBatch);
    costsMs.push(((await usedMs()) - beforeMs) / exchangesPerBatch);
  }
  return costsMs.sort((a, b) => a - b)[batches / 2] as number;
}

async function startPeer(ports: readonly number[] = []): Promise<Peer> {
  const child = startOwnedNode(programAt('src', 'runtime', 'exchange-peer'), ports.map(String));
  const said = once(createInterface({ input: child.stdout }), 'line').then(([line]) => Number(line));
  const port = await Promise.race([said, child.ended.then(({ message }) => message)]);
  if (typeof port === 'string')
    throw invalid(`this host could not be measured: ${port}`, 'choose a scale yourself: --scale 1:20');
  return { port, [Symbol.asyncDispose]: () => stopOwned(child, 'SIGTERM', 1_000) };
}

async function exchange(port: number, agent: Agent, count: number): Promise<void> {
  let left = count;
  const askAll = async () => {
    while (left-- > 0) await ask(port, agent, '/');
  };
  await Promise.all(Array.from({ length: atATime }, askAll));
}

async function ask(port: number, agent: Agent, path: string): Promise<unknown> {
  const asking = request({ host: '127.0.0.1', port, path, agent }).end();
  const [response] = await once(asking, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return JSON.parse(text);
}
