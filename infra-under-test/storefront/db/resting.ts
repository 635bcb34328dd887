import { codedError } from './errors.ts';
import type { Address } from './names.ts';

/**
 * Addresses where connecting failed rest: for a while nobody connects there, then one connection at a time tries
 * until one succeeds. This keeps a pod from spending its CPU on handshakes with a database that is away.
 */
export interface RestingAddresses {
  /** One usable address, at random. Throws with code ERESTING when all rest. */
  pick(addresses: Address[]): Address;
  failed(address: Address): void;
  succeeded(address: Address): void;
}

/** How long a trial may take before the next one starts. */
const trialMs = 1000;

/** @param restMs how long an address rests after a failure; 0: not at all, so nobody waits for a trial either. */
export function createRestingAddresses(restMs: number): RestingAddresses {
  const restsUntilMs = new Map<string, number>();
  const keyOf = ({ host, port }: Address) => `${host}:${port}`;

  function pick(addresses: Address[]): Address {
    const now = performance.now();
    const usable = addresses.filter((address) => (restsUntilMs.get(keyOf(address)) ?? 0) <= now);
    const chosen = usable[Math.floor(Math.random() * usable.length)];
    if (!chosen) throw codedError('ERESTING', 'connecting failed a moment ago');
    if (restsUntilMs.has(keyOf(chosen))) restsUntilMs.set(keyOf(chosen), now + trialMs);
    return chosen;
  }

  return {
    pick,
    failed(address) {
      if (restMs > 0) restsUntilMs.set(keyOf(address), performance.now() + restMs);
    },
    succeeded: (address) => void restsUntilMs.delete(keyOf(address)),
  };
}
