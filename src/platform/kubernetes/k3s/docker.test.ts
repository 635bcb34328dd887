import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { GenericContainer, getContainerRuntimeClient, ImageName } from 'testcontainers';
import { afterAll, describe, expect, test } from 'vitest';
import { waitFor } from '../../../runtime/clock.ts';
import { programAt, run, startOwned } from '../../../runtime/processes.ts';
import { clusterLabel, containersOf, removeContainers, zoneOfContainer } from './docker.ts';

const image = 'debian:bookworm-slim';
/** An engine that answers, with the image or a way to it. */
const hasDocker = await getContainerRuntimeClient()
  .then(async (client) => await client.image.pull(ImageName.fromString(image)))
  .then(
    () => true,
    () => false,
  );

const power = (to: 'on' | 'off', container: string) =>
  run(process.execPath, [programAt('src', 'platform', 'kubernetes', 'k3s', 'power'), to, container]);

/**
 * A container that stands for a node: it does nothing until its power is cut. Without the reaper, which serves all processes of a user
 * and waits for the last of them.
 */
const nodeOf = (cluster: string, node: string) =>
  new GenericContainer(image)
    .withName(`${cluster}-${node}`)
    .withLabels({ [clusterLabel]: cluster, [zoneOfContainer]: 'z1' })
    .withAutoCleanup(false)
    .withCommand(['sleep', 'infinity']);

const stateOf = async (cluster: string) => (await containersOf(cluster)).map(({ State }) => State);

describe.skipIf(!hasDocker)('with Docker', { timeout: 120_000 }, () => {
  const cluster = `tenfold-test-${process.pid}`;
  afterAll(() => removeContainers(cluster));

  test('a node that is a container is switched off and on, as often as one likes', async () => {
    await nodeOf(cluster, 'a').start();
    for (const [to, state] of [
      ['off', 'exited'],
      ['off', 'exited'],
      ['on', 'running'],
      ['on', 'running'],
    ] as const) {
      expect(await power(to, `${cluster}-a`)).toMatchObject({ ok: true });
      expect(await stateOf(cluster)).toEqual([state]);
    }
    await removeContainers(cluster);
    expect(await stateOf(cluster)).toEqual([]);
  });

  test('a node that is gone needs no booting, and cannot be switched off', async () => {
    expect(await power('on', `${cluster}-none`)).toMatchObject({ ok: true });
    expect(await power('off', `${cluster}-none`)).toMatchObject({
      ok: false,
      stderr: expect.stringContaining('No such container'),
    });
  });

  test('kill -9 of the process that started it: the reaper removes it', async () => {
    const name = `${cluster}-reaped`;
    const code = `
      import { GenericContainer } from 'testcontainers';
      await new GenericContainer('${image}').withLabels({ '${clusterLabel}': '${name}' }).withCommand(['sleep', 'infinity']).start();
      console.log('up');
      setInterval(() => {}, 1_000);`;
    const owner = startOwned(process.execPath, ['--input-type=module', '--eval', code], {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
    });
    await once(owner.stdout, 'data');
    expect(await stateOf(name)).toEqual(['running']);
    process.kill(owner.pid ?? 0, 'SIGKILL');
    await owner.ended;
    const gone = async () => (await containersOf(name)).length === 0 || undefined;
    await waitFor('the reaper', gone, { timeoutMs: 60_000, intervalMs: 500 });
  });
});
