/** A pod for tests, as small as one can be. It writes its pid to stderr, that is, to its node's log. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

process.stdin.on('end', () => process.exit(0)).resume();
process.on('SIGTERM', () => process.exit(0));
const server = createServer((_, response) => response.end(process.env.POD_NAME)).listen(0, '127.0.0.1', () => {
  process.stdout.write(`{"listening":{"port":${(server.address() as AddressInfo).port}}}\n`);
});
