import type { ComparedRow } from '../model/comparison.ts';
import type { Facts, RecoveryFact } from '../model/facts.ts';
import { capitalised, counted, duration, number } from './words.ts';

interface Run {
  facts: Facts;
}

/** Each path of both runs: a difference is real if it is more than both uncertainties together allow. */
export function compareRecovery(a: Run, b: Run): ComparedRow[] {
  return a.facts.recovery.flatMap((one) => {
    const other = b.facts.recovery.find(({ path }) => path === one.path);
    return other === undefined ? [] : [compare(one, other)];
  });
}

function compare(a: RecoveryFact, b: RecoveryFact): ComparedRow {
  const what = `${capitalised(a.path)} recovery`;
  const row = { what, values: [wordsOf(a), wordsOf(b)] as [string, string] };
  if (a.recovered !== b.recovered) return { ...row, difference: 'real', because: 'one of them did not recover' };
  if (!a.recovered) return { ...row, difference: 'unknown', because: 'neither recovered while it was watched' };
  if (a.serviceRestoredMs === null || b.serviceRestoredMs === null)
    return { ...row, difference: 'unknown', because: 'not measured in both' };
  const change = b.serviceRestoredMs - a.serviceRestoredMs;
  const uncertainty = a.uncertaintyMs + b.uncertaintyMs;
  const isReal = Math.abs(change) > uncertainty;
  return {
    ...row,
    difference: isReal ? 'real' : 'none shown',
    because: `${change > 0 ? '+' : ''}${duration(change)}, and together they are uncertain by ${duration(uncertainty)}`,
  };
}

function wordsOf({ recovered, outage, serviceRestoredMs, observedMs, uncertaintyMs }: RecoveryFact): string {
  if (!recovered) return `not within ${duration(observedMs)}`;
  if (!outage) return 'no outage';
  return serviceRestoredMs === null ? 'not measured' : `${duration(serviceRestoredMs)} ± ${duration(uncertaintyMs)}`;
}

/** Every order is counted: any difference in what must not happen is real. */
export function compareOrders(a: Run, b: Run): ComparedRow[] {
  const [one, other] = [a.facts.orders, b.facts.orders];
  if (one === null || other === null) return [];
  const known = ledgerKinds.filter((kind) => one[kind] !== null || other[kind] !== null);
  return known.map((kind) => {
    const row = {
      what: `${capitalised(kind)} orders`,
      values: [ofAll(a, one[kind]), ofAll(b, other[kind])] as [string, string],
    };
    if (one[kind] === null || other[kind] === null)
      return { ...row, difference: 'unknown', because: 'not compared with what was asked for in both' };
    return one[kind] === other[kind]
      ? { ...row, difference: 'none shown', because: 'the same' }
      : { ...row, difference: 'real', because: 'counted, every one of them' };
  });
}

const ledgerKinds = ['lost', 'duplicated', 'wrong', 'unexpected'] as const;

const ofAll = ({ facts }: Run, count: number | null): string =>
  `${count === null ? 'unknown' : number(count, 0)} of ${counted(facts.placing?.acknowledged ?? 0, 'acknowledged one')}`;
