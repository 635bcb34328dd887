import { expect, test } from 'vitest';
import { scaled } from '../constants.ts';
import { CpuUse } from './cpu-use.ts';

const windowMs = scaled.cpuWindow.ms;
const startMs = scaled.cpuInitialisation.ms;

/** A pod that is ready from the beginning, and a clock. */
function startPod() {
  const use = new CpuUse();
  let nowMs = 0;
  let cpuMs = 0;
  /** Lets time pass, in which it uses this many cores. */
  const run = (ms: number, cores: number) => {
    for (const end = nowMs + ms; nowMs < end; ) {
      nowMs += 250;
      cpuMs += 250 * cores;
      use.add(nowMs, cpuMs, true);
    }
  };
  const tell = (used: number | null, ready: boolean) => use.add(nowMs + 250, used, ready);
  use.add(0, 0, true);
  return { use, run, tell };
}

test('is unknown until the pod was watched for half the window', () => {
  const { use, run } = startPod();
  run(startMs + windowMs / 2 - 250, 0.5);
  expect(use.cores).toBeNull();
  run(250, 0.5);
  expect(use.cores).toBeCloseTo(0.5);
});

test('is that of the last while', () => {
  const { use, run } = startPod();
  run(startMs + 4 * windowMs, 0.1);
  run(windowMs, 0.8);
  expect(use.cores).toBeCloseTo(0.8);
});

test('does not count what a pod uses to start and to get warm', () => {
  const { use, run } = startPod();
  run(startMs, 1);
  run(windowMs, 0.2);
  expect(use.cores).toBeCloseTo(0.2);
});

test('is unknown while the pod is not ready, and after it was started anew', () => {
  const { use, run, tell } = startPod();
  run(startMs + windowMs, 0.5);
  tell(null, false);
  expect(use.cores).toBeNull();
  run(startMs + windowMs, 0.5);
  expect(use.cores).toBeCloseTo(0.5);
  tell(10, true);
  expect(use.cores).toBeNull();
});
