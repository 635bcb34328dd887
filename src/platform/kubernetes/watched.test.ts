import type { V1Pod } from '@kubernetes/client-node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWatchServer } from '../../../tests/support/watch-server.ts';
import { waitFor } from '../../runtime/clock.ts';
import { type Watched, watched } from './watched.ts';

const path = '/api/v1/namespaces/shop/pods';
const pod = (name: string, phase = 'Pending'): V1Pod => ({
  metadata: { name, namespace: 'shop', uid: name },
  status: { phase },
});

let server: Awaited<ReturnType<typeof startWatchServer>>;
let pods: Watched<V1Pod>;

beforeEach(async () => {
  server = await startWatchServer();
  server.put(path, pod('a'));
  pods = watched(server.api, { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespace: 'shop' });
  await pods.listed;
});
afterEach(async () => {
  pods[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

const names = () => pods.all().map(({ metadata }) => metadata?.name);
const until = (what: string, is: () => boolean) =>
  waitFor(what, async () => is() || undefined, { timeoutMs: 10_000, intervalMs: 20 });
const requests = (watch: boolean) =>
  server.asked.filter((url) => url.pathname === path && (url.searchParams.get('watch') === 'true') === watch);
const versions = () => requests(true).map(({ searchParams }) => searchParams.get('resourceVersion'));

test('what is there is listed once, what changes is watched, and nothing is asked for meanwhile', async () => {
  const seen: string[] = [];
  pods.onChange(({ metadata }, change) => seen.push(`${metadata?.name} ${change}`));
  server.put(path, pod('b'));
  server.put(path, pod('b', 'Running'));
  server.remove(path, 'a');
  await until('three changes', () => seen.length === 3);
  expect(seen).toEqual(['b seen', 'b seen', 'a gone']);
  expect(names()).toEqual(['b']);
  expect([requests(false).length, requests(true).length]).toEqual([1, 1]);
});

test('a watch goes on from the newest bookmark', async () => {
  await until('the watch', () => requests(true).length === 1);
  expect(requests(true)[0]?.searchParams.get('allowWatchBookmarks')).toBe('true');
  server.put(path, pod('b'));
  await until('b', () => names().includes('b'));
  const newest = server.bookmark();
  await new Promise((resolve) => setTimeout(resolve, 100));
  server.endWatches();
  await until('the next watch', () => requests(true).length === 2);
  expect(versions()[1]).toBe(newest);
  expect(requests(false)).toHaveLength(1);
});

test('a version that is too old is listed anew, and what went meanwhile is told', async () => {
  await until('the watch', () => requests(true).length === 1);
  const gone: string[] = [];
  pods.onChange(({ metadata }, change) => change === 'gone' && gone.push(metadata?.name ?? ''));
  await server.away();
  server.put(path, pod('b'));
  server.remove(path, 'a');
  server.compact();
  await server.back();
  await until('the next list', () => names().includes('b'));
  expect(gone).toEqual(['a']);
  expect(requests(false)).toHaveLength(2);
});

test('an API server that is away is known to be, until it answers again', async () => {
  await until('the watch', () => requests(true).length === 1);
  expect(pods.awaySinceMs()).toBeNull();
  await server.away();
  await until('it to be known', () => pods.awaySinceMs() !== null);
  server.put(path, pod('b'));
  await server.back();
  await until('b', () => names().includes('b'));
  expect(pods.awaySinceMs()).toBeNull();
  expect(requests(false)).toHaveLength(1);
});
