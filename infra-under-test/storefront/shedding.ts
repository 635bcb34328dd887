export interface Shedder {
  /** Takes a request in; false: refuse it. Every request taken in must leave. */
  enter(): boolean;
  leave(): void;
  close(): void;
}

export interface SheddingLimits {
  maxInFlight: number;
  maxLoopDelayMs: number;
}

export const sheddingLimits: SheddingLimits = { maxInFlight: 100, maxLoopDelayMs: 250 };

const tickMs = 50;

/** Refuses requests beyond what can be answered in time: too many in flight, or the event loop is behind. */
export function createShedder({ maxInFlight, maxLoopDelayMs }: SheddingLimits): Shedder {
  let inFlight = 0;
  let loopDelayMs = 0;
  let tickedAtMs = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    loopDelayMs = now - tickedAtMs - tickMs;
    tickedAtMs = now;
  }, tickMs);
  timer.unref();

  function enter(): boolean {
    if (inFlight >= maxInFlight || loopDelayMs > maxLoopDelayMs) return false;
    inFlight++;
    return true;
  }

  return { enter, leave: () => void inFlight--, close: () => clearInterval(timer) };
}
