/** What a region was asked to do. */
export interface StopRequests {
  /** Resolves at the first signal, or when the owner is gone. */
  stopped: Promise<void>;
  /** Resolves at the second signal. */
  killed: Promise<void>;
  stop: () => void;
  readonly isStopped: boolean;
}

/** Listens for signals from now on. */
export function stopRequests(): StopRequests {
  const { promise: stopped, resolve: resolveStopped } = Promise.withResolvers<void>();
  const { promise: killed, resolve: kill } = Promise.withResolvers<void>();
  let signals = 0;
  const requests = { stopped, killed, stop, isStopped: false };
  function stop(): void {
    requests.isStopped = true;
    resolveStopped();
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      signals += 1;
      if (signals > 1) kill();
      stop();
    });
  }
  return requests;
}
