/** A shop that does nothing: answers at once with what shoppers and probes expect. Prints its port on stdout. */
import { createServer, type IncomingMessage } from 'node:http';

const priceCents = 4_995;
const words = 'of things that have been made by hand, for every day and for the best of all days';
const item = (tenant: string, id: number) => ({
  id,
  sku: `${tenant}-${id}`,
  name: 'Large Oak Desk Lamp',
  category: 'lighting',
  priceCents,
});
const items = (tenant: string, first: number) => Array.from({ length: 24 }, (_, index) => item(tenant, first + index));

/** Lines, all at the same price, and their sum. */
function bill(sent: string) {
  const { lines } = JSON.parse(sent) as { lines: { productId: number; quantity: number }[] };
  const totalCents = lines.reduce((sum, { quantity }) => sum + quantity * priceCents, 0);
  return { lines: lines.map((line) => ({ ...line, priceCents })), totalCents };
}

function answerTo({ url = '', headers }: IncomingMessage, sent: string): object {
  const { pathname, searchParams } = new URL(url, 'http://shop');
  const [, kind, name = ''] = pathname.split('/');
  const tenant = String(headers['x-tenant']);
  if (kind === 'search')
    return { items: items(tenant, 1).map((one) => ({ ...one, category: searchParams.get('q') ?? '' })) };
  if (kind === 'products' && name === '') {
    const page = Number(searchParams.get('page'));
    return { items: items(tenant, page * 24 - 23), page, size: 24, total: 10_000 };
  }
  if (kind === 'products') return { ...item(tenant, Number(name)), description: words, available: 1_000_000 };
  if (kind === 'carts') return { id: name, ...bill(sent) };
  if (kind === 'orders') return { id: 'one', key: headers['idempotency-key'], ...bill(sent), status: 'paid' };
  // The name of a shopper who comes back with it.
  return sent === '' ? { id: name, name: decodeURIComponent(name) } : sessionOf(sent);
}

function sessionOf(sent: string): object {
  const { name } = JSON.parse(sent) as { name: string };
  return { id: encodeURIComponent(name), name };
}

const server = createServer((request, response) => {
  let sent = '';
  request.setEncoding('utf8').on('data', (text: string) => {
    sent += text;
  });
  request.on('end', () => {
    const status = request.method === 'POST' ? 201 : 200;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answerTo(request, sent)));
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as { port: number }).port}\n`);
});
process.stdin.on('end', () => process.exit(0)).resume();
