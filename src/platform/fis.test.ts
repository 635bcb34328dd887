import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { openFis } from './fis.ts';

/** A FIS that knows no actionsMode, as the SDK of its time: it starts every experiment for real. */
async function startDeafFis() {
  const calls: string[] = [];
  const bodies: unknown[] = [];
  let status = 'running';
  const server = createServer(async (request, response) => {
    calls.push(`${request.method} ${request.url}`);
    const body = Buffer.concat(await Array.fromAsync(request)).toString();
    if (body !== '') bodies.push(JSON.parse(body));
    if (request.method === 'DELETE') status = 'stopped';
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ experiment: { id: 'EXP1', state: { status } } }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const fis = openFis({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'local-1',
    resourceTags: {},
    fisRoleArn: 'arn:aws:iam::000000000000:role/tenfold-fis',
    credentials: { accessKeyId: 'local', secretAccessKey: 'not a secret' },
  });
  const close = async () => {
    fis[Symbol.dispose]();
    server.closeAllConnections();
    server.close();
  };
  return { fis, calls, bodies, [Symbol.asyncDispose]: close };
}

test('a dry run that turns out to be a real one is stopped, and refused', async () => {
  await using deaf = await startDeafFis();
  const running = deaf.fis.dryRun('EXT1', { 'tenfold:run': 'r' });
  await expect(running).rejects.toThrow(
    'FIS took a dry run for a real experiment, which was stopped: actionsMode is missing',
  );
  expect(deaf.calls).toContain('DELETE /experiments/EXP1');
});

test('the mode of an experiment reaches FIS, though the SDK does not know it', async () => {
  await using deaf = await startDeafFis();
  await deaf.fis.dryRun('EXT1', {}).catch(() => {});
  await deaf.fis.start('EXT1', {});
  expect(deaf.bodies).toMatchObject([
    { experimentTemplateId: 'EXT1', experimentOptions: { actionsMode: 'skip-all' } },
    { experimentTemplateId: 'EXT1', experimentOptions: { actionsMode: 'run-all' } },
  ]);
});
