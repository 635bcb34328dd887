import type { KubernetesObject } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { startWatchServer } from '../../../tests/support/watch-server.ts';
import { waitFor } from '../../runtime/clock.ts';
import { watchCnpg } from './cnpg-database.ts';
import { recordEvents } from './platform-events.ts';
import { watchAll } from './watches.ts';

test('what nodes, budgets, autoscalers and the database say is told whenever it changes, and events as they come', async () => {
  await using server = await startWatchServer();
  const put = (path: string, name: string, more: object) =>
    server.put(path, { metadata: { name, namespace: 'shop', uid: name }, ...more } as KubernetesObject);
  const node = (status: string) => put('/api/v1/nodes', 'n1', { status: { conditions: [{ type: 'Ready', status }] } });
  const database = (phase: string, currentPrimary: string) =>
    put('/apis/postgresql.cnpg.io/v1/namespaces/shop/clusters', 'db', { status: { phase, currentPrimary } });
  node('True');
  database('Cluster in healthy state', 'db-1');
  using watches = await watchAll(server.api, 'shop');
  using cnpg = await watchCnpg(server.api, { namespace: 'shop', name: 'db' });
  const events = recordEvents(watches, cnpg);
  const until = (count: number) =>
    waitFor(`${count} events`, async () => events.length >= count || undefined, { timeoutMs: 10_000, intervalMs: 20 });

  node('True');
  node('Unknown');
  await until(1);
  database('Failing over', 'db-1');
  await until(2);
  database('Failing over', 'db-2');
  await until(3);
  put('/apis/policy/v1/namespaces/shop/poddisruptionbudgets', 'web', {
    status: { disruptionsAllowed: 0, currentHealthy: 3 },
  });
  await until(4);
  put('/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers', 'web', { status: { desiredReplicas: 5 } });
  await until(5);
  put('/api/v1/namespaces/shop/events', 'e1', { reason: 'Killing', involvedObject: { kind: 'Pod', name: 'a' } });
  await until(6);
  expect(events.map(({ message }) => message)).toEqual([
    'node n1: not ready',
    'database db: Failing over',
    'database db: db-2 promoted',
    'disruption budget web: allows 0 disruptions, of 3 healthy pods',
    'autoscaler web: wants 5 pods',
    'pod a: Killing',
  ]);
});
