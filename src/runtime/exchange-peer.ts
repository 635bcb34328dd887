/**
 * A process of `measureExchangeCost`: a pod that builds its answer, or, given the ports of some pods, the edge in front of them.
 * Prints its own port in a line on stdout, answers /cpu with the CPU time that it has used so far, and ends with its stdin.
 */
import { Agent, createServer, type RequestListener, request } from 'node:http';
import type { AddressInfo } from 'node:net';

const pods = process.argv.slice(2).map(Number);
const agent = new Agent({ keepAlive: true });
const page = JSON.stringify(
  Array.from({ length: 24 }, (_, id) => ({ id, name: `product ${id}`, priceCents: id * 100 })),
);
let asked = 0;

const pod: RequestListener = (_, response) => response.end(JSON.stringify(JSON.parse(page)));
const edge: RequestListener = ({ url }, response) => {
  const port = pods[asked++ % pods.length];
  const asking = request({ host: '127.0.0.1', port, path: url, agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  asking.on('error', () => response.destroy()).end();
};

const serve = pods.length > 0 ? edge : pod;
const server = createServer((asking, response) =>
  asking.url === '/cpu' ? response.end(JSON.stringify(process.cpuUsage())) : serve(asking, response),
);
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.resume().on('close', () => process.exit(0));
