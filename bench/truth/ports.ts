import { createServer } from 'node:net';

/** Below the system's range for outgoing connections: a port that refuses for a while must not be taken by others. */
const lowest = 21_000;

/** Free ports of the loopback interface. */
export async function freePorts(count: number): Promise<number[]> {
  const found: number[] = [];
  for (let port = lowest; found.length < count; port += 1) if (await isFree(port)) found.push(port);
  return found;
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
