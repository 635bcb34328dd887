import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exitCodes } from '../src/model/exit-codes.ts';
import type { EventOf, WatchEvent } from '../src/watch/events.ts';
import { mostViewers } from '../src/watch/server.ts';
import { leftovers, makePlace, startTenfold, theRun } from './harness.ts';
import { configOf, env, startShop, writeConfig } from './own-shop.ts';
import { eventsOf, linkOf } from './room.ts';

/** A fault that stays until it is undone. */
const lasting = { lastsMs: 15_000 };

async function untilProven(url: URL): Promise<WatchEvent[]> {
  const seen: WatchEvent[] = [];
  for await (const event of eventsOf(url)) {
    seen.push(event);
    if (event.kind === 'fault' && event.state === 'proven') break;
  }
  return seen;
}

const ofKind = <K extends WatchEvent['kind']>(events: WatchEvent[], kind: K): EventOf<K>[] =>
  events.filter((event): event is EventOf<K> => event.kind === kind);

test('a drill is followed and stopped from the link that it says, whoever else watches and how', async () => {
  await using place = await makePlace();
  await using shop = await startShop(place);
  const config = await writeConfig(shop, configOf(shop, {}, lasting));
  const where = ['--config', config, '--profile', 'brief', '--reports', place.reports];
  const running = startTenfold(place, ['run', 'no-orders', ...where, '--watch'], env);
  const url = await linkOf(running);
  // They ask, and read nothing of the answers.
  const idle = Array.from({ length: mostViewers - 1 }, () => reader(url));
  const seen = await untilProven(url);
  expect(existsSync(shop.broken)).toBe(true);

  expect(ofKind(seen, 'begin')[0]?.frame).toMatchObject({ drill: 'no-orders', fault: { kind: 'command' } });
  expect(ofKind(seen, 'mark').map(({ mark }) => mark)).toEqual([
    'baseline-start',
    'ramp-start',
    'peak-start',
    'peak-proven',
  ]);
  const seconds = ofKind(seen, 'load-progress');
  expect(seconds.length).toBeGreaterThan(5);
  expect(seconds.every(({ paths = [] }) => paths.length === 2)).toBe(true);
  expect(ofKind(seen, 'lanes')[0]?.states).toMatchObject({ 'edge-read-pooled': 'served' });

  const stop = async (runId: string) =>
    await fetch(new URL('stop', url), {
      method: 'POST',
      headers: { authorization: `Bearer ${url.hash.slice('#stop='.length)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ runId }),
    });
  expect((await stop('another')).status).toBe(409);
  expect((await stop(ofKind(seen, 'run')[0]?.runId ?? '')).status).toBe(202);
  const result = await running;
  expect(result.exitCode, result.stderr).toBe(exitCodes.stopped);
  expect(result.stderr).toContain('stopped by somebody who watches');
  expect(existsSync(shop.broken)).toBe(false);
  const { folder, verdict } = await theRun(place, 'no-orders');
  expect(verdict.status).toBe('interrupted');
  expect(await readFile(join(folder, 'facts.json'), 'utf8')).toContain('stopped by somebody who watched');
  expect(await leftovers(place)).toEqual([]);
  for (const socket of idle) socket.destroy();

  const opened = await startTenfold(place, [
    'open',
    '--reports',
    place.reports,
    '--export',
    join(place.mark, 'x.html'),
  ]);
  expect(opened.exitCode, opened.stderr).toBe(exitCodes.pass);
  expect(await readFile(join(place.mark, 'x.html'), 'utf8')).toContain('stopped by somebody who watched');
});

function reader({ port, host, pathname }: URL): Socket {
  const socket = connect(Number(port), '127.0.0.1').pause();
  socket.on('error', () => {});
  socket.write(`GET ${pathname}events HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  return socket;
}
