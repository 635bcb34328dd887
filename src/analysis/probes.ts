import { evidenceFiles } from '../model/evidence.ts';
import { quoted } from './database.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { intervalOf, type LaneProbes } from './lane-probes.ts';

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
    (from) => `SELECT lane, path, via, coalesce(replica, '') AS replica, coalesce(zone, '') AS zone,
      coalesce(connection, '') AS connection, TRY_CAST(intended_us AS BIGINT) AS intended_us,
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

const laneColumns = ['lane', 'path', 'via', 'replica', 'zone', 'connection'] as const;
type LaneName = Pick<LaneProbes, (typeof laneColumns)[number]>;

/** One lane after the other: lane names for every probe, and all lanes at once, would take longer than all the rest. */
async function readLanes(store: EvidenceStore): Promise<LaneProbes[]> {
  const names = (await store.rows(
    `SELECT DISTINCT ${laneColumns.join(', ')} FROM probes ORDER BY ALL`,
  )) as unknown as LaneName[];
  const lanes: LaneProbes[] = [];
  for (const name of names) lanes.push(await readLane(store, name));
  return lanes;
}

async function readLane(store: EvidenceStore, name: LaneName): Promise<LaneProbes> {
  const isOfLane = laneColumns.map((column) => `${column} = ${quoted(name[column])}`).join(' AND ');
  const [intendedUs, sentUs, endUs, failed] = (await store.columns(
    `SELECT intended_us::DOUBLE, sent_us::DOUBLE, end_us::DOUBLE, failed FROM probes WHERE ${isOfLane}
    ORDER BY intended_us, sent_us, end_us`,
  )) as [number[], number[], number[], boolean[]];
  return { ...name, intervalUs: intervalOf(intendedUs), intendedUs, sentUs, endUs, failed };
}

async function latenessP99(store: EvidenceStore): Promise<number | null> {
  const [row] = await store.rows(
    'SELECT quantile_disc(sent_us - intended_us, 0.99)::DOUBLE AS lateness_us FROM probes',
  );
  return row?.lateness_us == null ? null : Math.max(0, Number(row.lateness_us)) / 1000;
}
