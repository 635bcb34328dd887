import { evidenceFiles } from '../model/evidence.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { intervalOf, type LaneProbes, lowerBound } from './lane-probes.ts';

export interface Probes {
  lanes: LaneProbes[];
  /** 99th percentile of how late they were sent; null without probes. */
  latenessP99Ms: number | null;
}

const file = evidenceFiles.probes;
const none: Probes = { lanes: [], latenessP99Ms: null };

/** Reads the sentinel's probes into lanes. */
export async function readProbes(store: EvidenceStore): Promise<Probes> {
  const readable = await store.load(
    file,
    'recovery',
    'probes',
    (from) => `SELECT lane, path, via, replica, zone, connection, TRY_CAST(intended_us AS BIGINT) AS intended_us,
      TRY_CAST(sent_us AS BIGINT) AS sent_us, TRY_CAST(end_us AS BIGINT) AS end_us, coalesce(error, '') <> '' AS failed FROM ${from}`,
  );
  if (readable === 'not') return none;
  const foreign = `intended_us IS NULL OR sent_us IS NULL OR end_us IS NULL OR lane IS NULL
    OR path NOT IN ('read', 'write') OR via NOT IN ('edge', 'replica') OR path IS NULL OR via IS NULL`;
  const [count] = await store.rows(
    `SELECT count(*)::INTEGER AS all_rows, count(*) FILTER (${foreign})::INTEGER AS strange FROM probes`,
  );
  if (Number(count?.strange) > 0)
    store.problems.push({ about: 'recovery', message: `${file} has rows that are no probes: ${count?.strange}` });
  if (count?.all_rows === count?.strange) {
    store.problems.push({ about: 'recovery', message: `${file} has no probes` });
    return none;
  }
  await store.run(`DELETE FROM probes WHERE ${foreign}`);
  return { lanes: await readLanes(store), latenessP99Ms: await latenessP99(store) };
}

const lane =
  "lane, path, via, coalesce(replica, '') AS replica, coalesce(zone, '') AS zone, coalesce(connection, '') AS connection";

/** A lane's names are fetched once: text for every probe would take longer than all the rest. */
async function readLanes(store: EvidenceStore): Promise<LaneProbes[]> {
  const names = await store.rows(`SELECT DISTINCT ${lane} FROM probes ORDER BY ALL`);
  const [lanes, intended, sent, end, failed] = (await store.columns(
    `WITH named AS (SELECT ${lane}, intended_us, sent_us, end_us, failed FROM probes)
    SELECT dense_rank() OVER (ORDER BY lane, path, via, replica, zone, connection)::INTEGER AS number,
      intended_us::DOUBLE, sent_us::DOUBLE, end_us::DOUBLE, failed FROM named ORDER BY number, intended_us, sent_us, end_us`,
  )) as [number[], number[], number[], number[], boolean[]];
  return names.map((name, index) => {
    const [from, to] = [lowerBound(lanes, index + 1), lowerBound(lanes, index + 2)];
    const intendedUs = intended.slice(from, to);
    return {
      ...(name as Pick<LaneProbes, 'lane' | 'path' | 'via' | 'replica' | 'zone' | 'connection'>),
      intervalUs: intervalOf(intendedUs),
      intendedUs,
      sentUs: sent.slice(from, to),
      endUs: end.slice(from, to),
      failed: failed.slice(from, to),
    };
  });
}

async function latenessP99(store: EvidenceStore): Promise<number | null> {
  const [row] = await store.rows(
    'SELECT quantile_disc(sent_us - intended_us, 0.99)::DOUBLE AS lateness_us FROM probes',
  );
  return row?.lateness_us == null ? null : Math.max(0, Number(row.lateness_us)) / 1000;
}
