import type { AgreementFact, Timeline } from '../model/facts.ts';
import { type AgreementSecond, agreementOf } from './agreement.ts';
import type { EvidenceStore } from './evidence-store.ts';
import type { LaneProbes } from './lane-probes.ts';
import { secondStartUs } from './timeline.ts';

/**
 * What k6's shoppers and the sentinel both ask: only about the same request can they be expected to say the same. Calls that the
 * script marks as none of the sentinel's are left out: a pod that serves what it knows while the database is away
 * knows the popular products, and not the others.
 */
const sameRequest = { read: 'product', write: 'cart' } as const;
/** What takes at least this long counts as out of patience: the shortest is k6's for a page, 1.5 s. */
const patienceUs = 1_400_000;

/** Where k6 and the sentinel contradict each other while the load is on. Needs the view `calls`. */
export async function agreementFacts(
  store: EvidenceStore,
  lanes: LaneProbes[],
  timeline: Timeline,
): Promise<AgreementFact[]> {
  const { baselineStartMs, loadEndMs } = timeline;
  if (baselineStartMs === null || loadEndMs === null) return [];
  const facts: AgreementFact[] = [];
  for (const path of ['read', 'write'] as const) {
    const seconds = new Map<number, AgreementSecond>();
    const at = (us: number): AgreementSecond => {
      const atMs = secondStartUs(us, timeline) / 1_000;
      const found = seconds.get(atMs) ?? emptySecond(atMs);
      seconds.set(atMs, found);
      return found;
    };
    await addCalls(store, sameRequest[path], at);
    for (const lane of lanes) if (lane.via === 'edge' && lane.path === path) addProbes(lane, at);
    const during = [...seconds.values()]
      .filter(({ atMs }) => atMs >= baselineStartMs && atMs + 1_000 <= loadEndMs)
      .sort((a, b) => a.atMs - b.atMs);
    facts.push(agreementOf(path, during));
  }
  return facts;
}

const emptySecond = (atMs: number): AgreementSecond => ({
  atMs,
  k6: { failed: 0, total: 0 },
  probes: { failed: 0, total: 0 },
});

async function addCalls(store: EvidenceStore, op: string, at: (us: number) => AgreementSecond): Promise<void> {
  const rows = await store.rows(`SELECT start_second::DOUBLE AS second, count(*)::DOUBLE AS total,
      count(*) FILTER (failed)::DOUBLE AS failed
    FROM calls WHERE op = '${op}' AND wall_us < ${patienceUs} AND probed <> 'no' GROUP BY second`);
  for (const row of rows) at(Number(row.second)).k6 = { failed: Number(row.failed), total: Number(row.total) };
}

function addProbes({ sentUs, endUs, failed }: LaneProbes, at: (us: number) => AgreementSecond): void {
  sentUs.forEach((us, index) => {
    if ((endUs[index] as number) - us >= patienceUs) return;
    const { probes } = at(us);
    probes.total += 1;
    if (failed[index]) probes.failed += 1;
  });
}
