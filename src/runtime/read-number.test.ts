import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Reading } from '../model/reading.ts';
import { readNumber } from './read-number.ts';

const read = (reading: Reading, timeoutMs = 3_000) =>
  readNumber(reading, { cwd: '/', timeoutMs, secrets: ['TENFOLD_TEST_SECRET'] });
const command = (script: string): Reading => ({ command: { argv: ['sh', '-c', script], timeoutMs: 5_000 } });

/** Answers like Prometheus's query API. */
async function prometheus(answer: (request: IncomingMessage) => [number, unknown]): Promise<string> {
  const server = createServer((request, response) => {
    const [status, body] = answer(request);
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/prom`;
}

test('the last line of a command is its number', async () => {
  expect(await read(command('echo 12 left; echo " 0.25 "'))).toBe(0.25);
  expect(await read(command('echo -1e3'))).toBe(-1_000);
});

test.each([
  ['echo lots', /says "lots", which is no number/],
  ['true', /says nothing/],
  ['echo NaN', /no number/],
  ['echo 5; exit 3', /exit code 3/],
  ['sleep 20', /did not end within/],
])('%s is no number', async (script, message) => {
  await expect(read(command(script), 500)).rejects.toThrow(message);
});

test('one value of a query in PromQL is a number', async () => {
  process.env.TENFOLD_TEST_SECRET = 'tok';
  onTestFinished(() => void delete process.env.TENFOLD_TEST_SECRET);
  const seen: (string | undefined)[] = [];
  const url = await prometheus(({ url, headers }) => {
    seen.push(url, headers.authorization);
    return [200, { status: 'success', data: { resultType: 'vector', result: [{ metric: {}, value: [1, '0.75'] }] } }];
  });
  const reading = { prometheus: url, query: 'up{a="b c"}', token: { env: 'TENFOLD_TEST_SECRET', prefix: 'Bearer ' } };
  expect(await read(reading)).toBe(0.75);
  expect(seen).toEqual(['/prom/api/v1/query?query=up%7Ba%3D%22b%20c%22%7D', 'Bearer tok']);
  const scalar = await prometheus(() => [200, { data: { resultType: 'scalar', result: [1, '3'] } }]);
  expect(await read({ prometheus: scalar, query: '3' })).toBe(3);
});

test.each([
  ['nothing', 200, { data: { resultType: 'vector', result: [] } }, /0 values, not one/],
  ['two', 200, { data: { resultType: 'vector', result: [{ value: [1, '1'] }, { value: [1, '2'] }] } }, /2 values/],
  ['not a number', 200, { data: { resultType: 'vector', result: [{ value: [1, 'NaN'] }] } }, /no number/],
  ['an error', 400, { status: 'error' }, /answers 400/],
  ['a page', 200, '<html>', /no result of Prometheus/],
])('%s is none', async (_, status, body, message) => {
  const url = await prometheus(() => [status, body]);
  await expect(read({ prometheus: url, query: 'x' })).rejects.toThrow(message);
});

test('a secret in the words of a command is not told', async () => {
  process.env.TENFOLD_TEST_SECRET = 'the-secret';
  onTestFinished(() => void delete process.env.TENFOLD_TEST_SECRET);
  const error = (await read(command('echo "bad: $TENFOLD_TEST_SECRET"; exit 1')).catch((e: unknown) => e)) as Error;
  expect(error.message).toMatch('***');
  expect(error.message).not.toMatch('the-secret');
});
