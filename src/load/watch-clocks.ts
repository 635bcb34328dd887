import type { Emit } from '../model/evidence.ts';
import type { LoadPod } from '../model/facets.ts';
import { nowMs, sleepMs } from '../runtime/clock.ts';
import { type ClockOffset, measureClock } from './pod-clock.ts';

const againMs = 10_000;

/** Measures the clocks of pods, and again while they are on: one may be stepped. A clock that cannot be read is told by nothing. */
export async function watchClocks(pods: readonly LoadPod[], emit: Emit, signal: AbortSignal): Promise<Disposable> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const measure = async ({ name, ask }: LoadPod, known?: ClockOffset): Promise<ClockOffset | undefined> => {
    const clock = await measureClock(() => ask({ method: 'GET', path: '/v1/status' }), either, known).catch(
      () => undefined,
    );
    if (clock && !over.signal.aborted) emit({ kind: 'load-clock', atMs: nowMs(), pod: name, ...clock });
    return clock ?? known;
  };
  const watch = async (pod: LoadPod, first: ClockOffset | undefined) => {
    let known = first;
    const whileOn = AbortSignal.any([either, endOf(pod)]);
    while (!whileOn.aborted) {
      await sleepMs(againMs, whileOn).catch(() => {});
      if (!whileOn.aborted) known = await measure(pod, known);
    }
  };
  const first = await Promise.all(pods.map((pod) => measure(pod)));
  signal.throwIfAborted();
  for (const [index, pod] of pods.entries()) void watch(pod, first[index]);
  return { [Symbol.dispose]: () => over.abort() };
}

function endOf({ ended }: LoadPod): AbortSignal {
  const over = new AbortController();
  void ended.then(() => over.abort());
  return over.signal;
}
