import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { edgeStatus, startEdge } from '../edge/start.ts';
import { startCompute, within } from '../test/compute.ts';

test('draining a node fails no request, though its pods end at once when they are told to', async () => {
  await using compute = await startCompute();
  const { controller, controlUrl, regionId, logDir } = compute;
  for (const name of ['one', 'two', 'three']) await compute.startNode(name);
  compute.deploy(3);
  await compute.readyPods(3);
  const edge = await startEdge({ regionId, controlUrl, port: 0, healthChecks: true, logDir });
  await within(async () => {
    const healthy = (await edgeStatus(edge))?.targets.filter(({ health }) => health === 'healthy');
    expect(healthy).toHaveLength(3);
  });
  const drained = controller.pods()[0]?.node ?? '';

  const statuses = new Set<number>();
  let isOver = false;
  const shoppers = Array.from({ length: 4 }, async () => {
    while (!isOver) {
      statuses.add((await fetch(edge.url)).status);
      await sleep(5);
    }
  });
  controller.drain(drained, 'a test');
  await within(() => expect(controller.pods().map(({ node }) => node)).not.toContain(drained));
  await compute.readyPods(3);
  await within(async () => expect(await compute.podProcesses()).toHaveLength(3));
  isOver = true;
  await Promise.all(shoppers);
  await edge.process.stop(500);

  expect([...statuses]).toEqual([200]);
  expect(controller.podEnds(0)).toMatchObject([{ node: drained, cause: 'evicted', because: 'a test' }]);
});
