import type { Emit } from '../model/evidence.ts';
import { nowMs } from '../runtime/clock.ts';
import { hostMeter } from '../runtime/host.ts';

/** Tells once a second how the host fares, until it is disposed of. */
export function watchHost(emit: Emit): Disposable {
  const meter = hostMeter();
  const timer = setInterval(() => emit({ kind: 'host', atMs: nowMs(), ...meter() }), 1_000);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
