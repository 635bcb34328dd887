import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../model/evidence.ts';
import { calmHostWatch } from './calm-host.ts';

const look = (some: { stealRatio?: number; neighbourRatio?: number | null } = {}): Observation => ({
  kind: 'host',
  atMs: 0,
  busyRatio: 0.9,
  stealRatio: 0,
  cpuPressureRatio: 0.9,
  neighbourRatio: 0,
  ...some,
});
const noisy = look({ neighbourRatio: 0.46 });

/** What was said about a wait, as steps and as progress. */
async function waited(watch: ReturnType<typeof calmHostWatch>, during?: () => Promise<void>) {
  const steps: string[] = [];
  const said: string[] = [];
  const emit = (o: Observation) => o.kind === 'step' && steps.push(`${o.state} ${o.message ?? ''}`.trim());
  const startMs = performance.now();
  await Promise.all([watch.held(emit, (line) => said.push(line), new AbortController().signal), during?.()]);
  return { steps, said, ms: performance.now() - startMs };
}

describe('waiting for a calm host', () => {
  it('takes no time where the last two seconds were calm, however busy the shop is', async () => {
    const watch = calmHostWatch();
    for (const one of [noisy, look(), look()]) watch.onLook(one);
    const { steps, said, ms } = await waited(watch);
    expect(ms).toBeLessThan(90);
    expect(steps).toEqual(['started', 'finished']);
    expect(said).toEqual([]);
  });

  it('takes no notice of what is not known', async () => {
    const watch = calmHostWatch();
    for (const one of [look({ neighbourRatio: null }), look({ neighbourRatio: null })]) watch.onLook(one);
    expect((await waited(watch)).said).toEqual([]);
  });

  it('lasts until two calm seconds in a row, and says whom it waits for once it lasts', async () => {
    const watch = calmHostWatch();
    for (const one of [look(), noisy, look()]) watch.onLook(one);
    const { steps, said, ms } = await waited(watch, async () => {
      await sleep(1_200);
      watch.onLook(look());
    });
    expect(ms).toBeGreaterThan(1_150);
    expect(said).toEqual(['waiting for a calm host, at most 30 s: other programs took 46 % of the CPU time']);
    expect(steps).toEqual(['started', 'finished']);
  });

  it('ends on a host that does not calm down, and says so', async () => {
    const watch = calmHostWatch(300);
    for (const one of [look(), look({ stealRatio: 0.2 })]) watch.onLook(one);
    const { steps } = await waited(watch);
    expect(steps).toEqual([
      'started',
      'finished not calm after 0.3 s, going on: the hypervisor took 20 % of the CPU time',
    ]);
  });

  it('ends with the drill', async () => {
    const stopped = new AbortController();
    const held = calmHostWatch().held(
      () => {},
      () => {},
      stopped.signal,
    );
    stopped.abort(new Error('Ctrl-C'));
    await expect(held).rejects.toThrow('Ctrl-C');
  });
});
