/** A shop that does nothing: answers everything at once with what shoppers and probes expect. Says its port on stdout. */
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  const [, kind, id = ''] = (request.url ?? '').split('?')[0]?.split('/') ?? [];
  const created = request.method === 'POST';
  request.resume().on('end', () => {
    const body = JSON.stringify({ id: kind === 'products' ? Number(id) : id || 'one', orderId: 'one' });
    response.writeHead(created ? 201 : 200, { 'content-type': 'application/json' }).end(body);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as { port: number }).port}\n`);
});
process.stdin.on('end', () => process.exit(0)).resume();
