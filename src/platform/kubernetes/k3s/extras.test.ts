import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { manifestsLacking, readExtras } from './extras.ts';

const manifest = (name: string) => `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name} }\n`;
/** As releases are: empty documents, comments, and text after the dashes. */
const release = `# Copyright\n---\n${manifest('a')}---\n---\n# nothing\n--- # the next\n${manifest('b')}---\n`;
const { signal } = new AbortController();

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenfold-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('manifests come from files beside the settings and from URLs, in their order', async () => {
  await writeFile(join(folder, 'a.yaml'), release);
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/b.yaml' ? 200 : 404;
    response.end(manifest('c'));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const objects = await readExtras(['a.yaml', `${base}/b.yaml`], folder, signal);
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata?.name}`)).toEqual([
      'Namespace a',
      'Namespace b',
      'Namespace c',
    ]);
    await expect(readExtras([`${base}/c.yaml`], folder, signal)).rejects.toThrow(/c\.yaml cannot be had: HTTP 404/);
  } finally {
    server.close();
  }
  await expect(readExtras([`${base}/b.yaml`], folder, signal)).rejects.toThrow(/cannot be had: .*ECONNREFUSED/);
});

test('files that are missing are known before anything is started', async () => {
  await writeFile(join(folder, 'a.yaml'), manifest('a'));
  expect(manifestsLacking(['a.yaml', 'b.yaml', 'https://host.example/c.yaml'], folder)).toEqual([
    'there is no manifest b.yaml, which the settings name',
  ]);
});
