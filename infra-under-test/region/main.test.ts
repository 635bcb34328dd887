import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { leftoversAmong, runningProcesses } from './processes.ts';
import type { RegionDocument } from './region-document.ts';
import { leftoversOf } from './test/leftovers.ts';
import { platform } from './test/platform.ts';

const clean = { processes: [], ports: [], folders: [] };

describe('a platform for a person', () => {
  let state: string;
  beforeEach(async () => {
    state = await mkdtemp(join(tmpdir(), 'tenfold-state-test-'));
  });
  afterEach(async () => {
    await platform('down', '--state', state).ended;
    await rm(state, { recursive: true });
  });

  test('is up until it is taken down', async () => {
    const up = await platform('up', '--state', state, '--without', 'stale-catalogue,quorum-commit').ended;
    expect(up).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('npm run platform -- down') });
    const region = await remembered();
    expect(region.without).toEqual(['stale-catalogue', 'quorum-commit']);
    expect((await fetch(`${region.edge.url}/products`, { headers: { 'x-tenant': 'south' } })).status).toBe(200);

    const second = await platform('up', '--state', state).ended;
    expect(second).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('up already') });
    const status = await platform('status', '--state', state).ended;
    expect(status).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/Database {2}db-a .* writer, available/),
    });

    const startMs = performance.now();
    expect(await platform('down', '--state', state).ended).toMatchObject({ exitCode: 0 });
    expect(performance.now() - startMs).toBeLessThan(3_000);
    expect(await leftoversOf(region)).toEqual(clean);
    expect(await readdir(state)).toEqual([]);
  });

  test('that is not up is told so', async () => {
    expect(await platform('status', '--state', state).ended).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('npm run platform -- up'),
    });
    expect(await platform('down', '--state', state).ended).toMatchObject({
      exitCode: 0,
      stdout: 'No platform is up.\n',
    });
  });

  test('that wants a port in use is refused, and nothing is left', async () => {
    const dir = `${state}-region`;
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const up = await platform('up', '--state', state, '--dir', dir, '--edge-port', String(port)).ended;
    expect(up).toMatchObject({ exitCode: 4, stderr: expect.stringMatching(/--edge-port/) });
    expect(leftoversAmong(await runningProcesses(), { id: '-', dir }, 0)).toEqual([]);
    expect([existsSync(dir), await readdir(state)]).toEqual([false, []]);
    other.close();
  });

  async function remembered(): Promise<RegionDocument> {
    return JSON.parse(await readFile(join(state, 'region.json'), 'utf8'));
  }
});

describe.concurrent('a region that starts', () => {
  const ends: Record<string, (child: ChildProcess) => void> = {
    'Ctrl-C': (child) => child.kill('SIGINT'),
    'Ctrl-C twice': (child) => {
      child.kill('SIGINT');
      setTimeout(() => child.kill('SIGINT'), 50);
    },
    'the end of its owner': ({ stdin, stdout, stderr }) => {
      for (const end of [stdin, stdout, stderr]) end?.destroy();
    },
  };
  test.each([
    ['Ctrl-C', 'control API'],
    ['the end of its owner', 'database: writer up'],
    ['Ctrl-C twice', 'database: catalogue in place'],
  ])('leaves nothing after %s at "%s"', async (end, step) => {
    const dir = await mkdtemp(join(tmpdir(), 'tenfold-region-test-'));
    const { child, ended } = platform('up', '--lifeline', '--dir', dir);
    for await (const line of createInterface({ input: child.stderr as Readable })) if (line.includes(step)) break;
    ends[end]?.(child);
    const startMs = performance.now();
    expect(await ended).toMatchObject({ exitCode: 0, stdout: '' });
    expect(performance.now() - startMs).toBeLessThan(3_000);
    expect(leftoversAmong(await runningProcesses(), { id: '-', dir }, 0)).toEqual([]);
    expect(existsSync(dir)).toBe(false);
  });
});

describe('bad input', () => {
  test.each([
    [['up', '--without', 'timeouts,nonsense'], /nonsense.*Known: .*quorum-commit.*timeouts/],
    [['up', '--edge-port', '70000'], /from 0 to 65535/],
    [['up', '--nonsense'], /unknown option/],
    [['nonsense'], /unknown command/],
    [['up', '--lifeline', '--dir', import.meta.dirname], /is not empty/],
  ])('%j is refused', async (args, message) => {
    expect(await platform(...args).ended).toMatchObject({ exitCode: 4, stderr: expect.stringMatching(message) });
  });
});

test.runIf(process.getuid?.() === 0)('a database that cannot start is told, and nothing is left', async () => {
  const closed = await mkdtemp(join(tmpdir(), 'tenfold-private-'));
  const { ended } = platform('up', '--lifeline', '--dir', join(closed, 'region'));
  expect(await ended).toMatchObject({
    exitCode: 4,
    stderr: expect.stringMatching(/PostgreSQL cannot run as root.*cannot enter .*Set TMPDIR/),
  });
  expect(await readdir(closed)).toEqual([]);
  await rm(closed, { recursive: true });
});
