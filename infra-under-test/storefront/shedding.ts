/** Places for requests that wait for the same thing: those that hang take no place from others. */
interface Bulkhead {
  /** Takes a request in; false: refuse it. Every request taken in must leave. */
  enter(): boolean;
  /** @param served whether it got what it waited for */
  leave(served: boolean): void;
}

export interface Shedder {
  /** Requests that the pod or a reader can answer. */
  reads: Bulkhead;
  /** Requests that wait for the writer. */
  writes: Bulkhead;
  close(): void;
}

export interface SheddingLimits {
  maxReads: number;
  maxWrites: number;
  /** Writes still let through while the writer is away, to find out when it is back. */
  minWrites: number;
  /** The event loop is behind when it is later than this several times in a row. */
  maxLoopDelayMs: number;
}

export const sheddingLimits: SheddingLimits = { maxReads: 100, maxWrites: 32, minWrites: 2, maxLoopDelayMs: 250 };

const tickMs = 50;
/** A single stall is over once noticed; only a lasting delay means more work than can be done (CoDel, RFC 8289). */
const ticksBehind = 3;

/** Refuses requests beyond what can be answered in time: too many are waiting, or the event loop is behind. */
export function createShedder({ maxReads, maxWrites, minWrites, maxLoopDelayMs }: SheddingLimits): Shedder {
  let late = 0;
  let tickedAtMs = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    late = now - tickedAtMs - tickMs > maxLoopDelayMs ? late + 1 : 0;
    tickedAtMs = now;
  }, tickMs);
  timer.unref();
  const isBehind = () => late >= ticksBehind;

  return {
    reads: createBulkhead(maxReads, maxReads, isBehind),
    writes: createBulkhead(minWrites, maxWrites, isBehind),
    close: () => clearInterval(timer),
  };
}

/**
 * Each request that waited in vain halves the number of places, each served one doubles it: while what they wait for
 * is away, a few find out when it is back, and the others are refused at once instead of waiting too.
 */
function createBulkhead(min: number, max: number, isBehind: () => boolean): Bulkhead {
  let places = max;
  let inFlight = 0;

  function enter(): boolean {
    if (inFlight >= places || isBehind()) return false;
    inFlight++;
    return true;
  }

  function leave(served: boolean): void {
    inFlight--;
    places = served ? Math.min(max, places * 2) : Math.max(min, Math.floor(places / 2));
  }

  return { enter, leave };
}
